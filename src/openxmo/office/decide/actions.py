"""Changes of the backlog. Each happens whole or not at all, and leaves an audit line."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.decide.items import EXPERIENCES, FACETS
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.decide import policies
from openxmo.office.decide.models import Evidence, Item, Merge
from openxmo.office.decide.queries import standing_item
from openxmo.office.decide.states import State
from openxmo.office.govern import trail

LONGEST_TITLE = 200


@transaction.atomic
def propose_item(
    *,
    title: str,
    description: str = "",
    experience: str = "",
    unit: str | None = None,
    evidence: Sequence[tuple[str, int]] = (),
    by: str,
    at: datetime,
    facets: Mapping[str, str] | None = None,
    money_frame: str = "",
    key: str = "",
) -> Item:
    """A new item from what was heard: `evidence` names things (`case:7`) and how often each was heard.

    `unit` None concerns the whole office. Facets other than the experience may come later; until
    then the item is not ranked.
    """
    given = dict(facets or {})
    item = Item(
        key=key or f"new-{at.timestamp():.6f}",
        title=checked_title(title),
        description=description.strip(),
        unit=unit or "",
        money_frame=money_frame.strip(),
        state_at=at,
        state_by=by,
        created_at=at,
        created_by=by,
        **checked_facets({**given, "experience": experience or given.get("experience", "")}),
    )
    item.save()
    if not key:
        item.key = f"item-{item.pk}"
        item.skip_history_when_saving = True  # type: ignore[attr-defined]
        item.save(update_fields=["key"])
        del item.skip_history_when_saving  # type: ignore[attr-defined]
        item.history.update(key=item.key)
    for thing, count in evidence:
        add_evidence(item=item, thing=thing, count=count, by=by, at=at)
    audit.record("item proposed", by=by, at=at, on=[item.name])
    return item


def checked_title(title: str) -> str:
    clean = " ".join(title.split())
    if not clean:
        raise WrongUsage(_("An idea needs a title."), mend=_("Say in a few words what would be different."))
    return clean[:LONGEST_TITLE]


def checked_facets(facets: Mapping[str, str]) -> dict[str, str]:
    """The four facets as fields; an experience that nobody knows is refused, any other word is judged when ranked."""
    experience = facets.get("experience", "").strip()
    if experience not in ("", *EXPERIENCES):
        raise WrongUsage(
            _("There is no experience “%(experience)s”.") % {"experience": experience},
            mend=_("It is one of %(known)s.") % {"known": ", ".join(EXPERIENCES)},
        )
    return {facet: facets.get(facet, "").strip() for facet in FACETS}


@transaction.atomic
def add_evidence(
    *, item: Item, thing: str, count: int = 1, note: str = "", by: str, at: datetime, heard_at: datetime | None = None
) -> Evidence:
    """Say what speaks for an item. The same thing again brings its count and date up to date."""
    thing = thing.strip()
    if not thing or len(thing) > 300:
        raise WrongUsage(
            _("Evidence names one thing, in at most 300 letters."), mend=_("For example finding:3 or case:7.")
        )
    if count < 1:
        raise WrongUsage(
            _("Evidence was heard at least once, and the count is %(count)s.") % {"count": count}, where=thing
        )
    standing = standing_item(item)
    heard = heard_at or at
    row, _made = Evidence.objects.update_or_create(
        item=standing,
        thing=thing,
        defaults={"count": count, "note": note.strip(), "heard_at": heard, "added_at": at, "added_by": by},
    )
    trail.link(thing, standing.name, by=by, at=at)
    audit.record("evidence added", by=by, at=at, on=[standing.name])
    return row


@transaction.atomic
def drop_evidence(*, item: Item, evidence_id: int, by: str, at: datetime) -> None:
    """Take back what does not speak for this item after all. The audit keeps that it stood there."""
    Evidence.objects.filter(item=item, pk=evidence_id).delete()
    audit.record("evidence dropped", by=by, at=at, on=[item.name])


@transaction.atomic
def change_item(
    *,
    item: Item,
    revision: int,
    title: str,
    description: str,
    facets: Mapping[str, str],
    unit: str | None,
    money_frame: str,
    by: str,
    at: datetime,
) -> Item:
    """Say anew what an item is. `revision` is the one that was read: what somebody changed since is not overwritten."""
    held = Item.objects.select_for_update().get(pk=item.pk)
    policies.check_changeable(held)
    if held.revision != revision:
        raise WrongUsage(
            _("Somebody changed this idea while you were writing."),
            mend=_("Your words are still here: compare, and save again."),
        )
    held.title, held.description = checked_title(title), description.strip()
    held.unit, held.money_frame = unit or "", money_frame.strip()
    for facet, word in checked_facets(facets).items():
        setattr(held, facet, word)
    held.revision += 1
    held._history_date = at  # type: ignore[attr-defined]
    held.save()
    audit.record("item changed", by=by, at=at, on=[held.name])
    return held


@transaction.atomic
def move_item(
    *, item: Item, to: State, words: Mapping[str, tuple[str, ...]], by: str, at: datetime, reason: str = ""
) -> Item:
    """Move an item on. Ready and chosen demand its facets, declining demands a reason."""
    held = Item.objects.select_for_update().get(pk=item.pk)
    policies.check_move(held, to)
    if to is State.MERGED or held.state == State.MERGED:
        raise WrongUsage(_("Ideas are merged, and merges undone, by naming the other one."))
    if to in (State.READY, State.CHOSEN):
        policies.check_ready(held, words)
    if to is State.DECLINED and not reason.strip():
        raise WrongUsage(_("Declining an idea takes a reason."), mend=_("Whoever brought it will read it."))
    return _set_state(held, to, reason=reason.strip(), by=by, at=at)


def _set_state(item: Item, to: State, *, by: str, at: datetime, reason: str = "") -> Item:
    item.state, item.reason, item.state_at, item.state_by = to, reason, at, by
    item.revision += 1
    item._history_date = at  # type: ignore[attr-defined]
    item.save()
    audit.record(f"item {to.value.replace('_', ' ')}", by=by, at=at, on=[item.name])
    return item


# MERGING


@transaction.atomic
def merge_item(*, item: Item, into: Item, by: str, at: datetime) -> Merge:
    """`item` is `into` in other words: its evidence counts there, and its address leads there, until undone."""
    if item.pk == into.pk:
        raise WrongUsage(_("An idea cannot be merged into itself."), mend=_("Choose the other one."))
    held = {one.pk: one for one in Item.objects.select_for_update().filter(pk__in=(item.pk, into.pk))}
    first, second = held[item.pk], held[into.pk]
    policies.check_open(first)
    policies.check_open(second)
    if second.unit and first.unit != second.unit:
        raise WrongUsage(
            _("“%(title)s” belongs to %(unit)s alone, and “%(other)s” does not.")
            % {"title": second.title, "unit": second.unit, "other": first.title},
            mend=_("Merge the other way round, or give the idea to the whole office first, so that all still see it."),
        )
    merge = Merge.objects.create(item=first, into=second, state_before=first.state, made_at=at, made_by=by)
    first.merged_into = second
    _set_state(first, State.MERGED, by=by, at=at)
    trail.link(first.name, second.name, by=by, at=at)
    return merge


@transaction.atomic
def undo_merge(*, item: Item, by: str, at: datetime) -> Item:
    """Part again what was merged; evidence, estimates and state are as they were."""
    held = Item.objects.select_for_update().get(pk=item.pk)
    merge = Merge.objects.filter(item=held, undone_at__isnull=True).first()
    if merge is None:
        raise WrongUsage(_("“%(title)s” went into no other idea.") % {"title": held.title}, where=held.name)
    merge.undone_at, merge.undone_by = at, by
    merge.save()
    held.merged_into = None
    back = _set_state(held, State(merge.state_before), by=by, at=at)
    audit.record("merge undone", by=by, at=at, on=[held.name, f"item:{merge.into_id}"])
    return back
