from tests.functional.stocked import stocked, Stocked
import time
def test_it(stocked, db):
    print(stocked.keys)
    t=time.time()
    for n in range(100): r=stocked.clients["agent.other"].get("/govern/people/")
    print("403", r.status_code, (time.time()-t)/100)
    t=time.time()
    for n in range(20): r=stocked.clients["xmo_lead.none"].get("/act/cases/")
    print("cases", r.status_code, (time.time()-t)/20)
    from django.test import Client
    c=Client()
    t=time.time()
    for n in range(100): r=c.get("/govern/people/")
    print("anon", r.status_code, (time.time()-t)/100)
def test_it2(stocked, db):
    assert stocked.clients["agent.other"].get("/govern/people/").status_code==403
