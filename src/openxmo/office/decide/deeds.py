"""What the audit tells of the backlog."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "item proposed": _("proposed an item"),
    "item changed": _("changed an item"),
    "item estimated": _("estimated an item"),
    "item's feelings counted": _("wrote down what people feel with and without an item"),
    "item ready": _("made an item ready"),
    "item chosen": _("chose an item"),
    "item in progress": _("began an item"),
    "item done": _("finished an item"),
    "item declined": _("declined an item"),
    "item merged": _("merged an item into another"),
    "merge undone": _("took two items apart again"),
    "evidence added": _("added evidence"),
    "evidence dropped": _("took evidence back"),
    "actual recorded": _("wrote down what an estimate became"),
    "discount rate set": _("set what a year's wait costs"),
    "items imported": _("imported items"),
    "facet word added": _("added a word of the backlog"),
    "facet word retired": _("retired a word of the backlog"),
    "person erased from the backlog": _("took an erased person out of the backlog"),
}
