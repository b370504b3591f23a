"""The addresses of this room."""

from django.urls import path

from openxmo.office.govern.views import ambitions, audit, objects, roles, sign_ins

urlpatterns = [
    path("", ambitions.what_we_stand_for, name="govern-stand-for"),
    path("gap/", ambitions.gaps, name="govern-gaps"),
    path("gap/<str:key>/", ambitions.gap, name="govern-gap"),
    path("roles/", roles.roles, name="govern-roles"),
    path("units/", roles.units, name="govern-units"),
    path("standards/", roles.standards, name="govern-standards"),
    path("office/", objects.office, name="govern-office"),
    path("office/<str:kind>/", objects.kind, name="govern-kind"),
    path("new/<str:kind>/", objects.new, name="govern-new"),
    path("edit/<str:kind>/<path:key>/", objects.edit, name="govern-edit"),
    path("archive/<str:kind>/<path:key>/", objects.archive, name="govern-archive"),
    path("restore/<str:kind>/<path:key>/", objects.restore, name="govern-restore"),
    path("office/<str:kind>/<path:key>/", objects.show, name="govern-object"),
    path("audit/", audit.audit, name="govern-audit"),
    path("mine/", audit.mine, name="govern-mine"),
    path("people/", sign_ins.people, name="govern-people"),
    path("people/reset/", sign_ins.reset, name="govern-reset"),
    path("people/sign-out/", sign_ins.sign_out, name="govern-sign-out"),
    path("people/second-factor/", sign_ins.forget_factor, name="govern-forget-factor"),
    path("people/provider/", sign_ins.forget_provider, name="govern-forget-provider"),
    path("keys/", sign_ins.key_list, name="govern-keys"),
    path("keys/revoke/", sign_ins.revoke, name="govern-revoke"),
]
