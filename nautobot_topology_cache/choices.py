"""The vocabularies of outcomes, statuses and tables, as Nautobot choice sets."""

from nautobot.apps.choices import ChoiceSet


class OutcomeChoices(ChoiceSet):
    """How a command or a slice ended."""

    OK = "ok"
    EMPTY = "empty"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"

    CHOICES = ((OK, "ok"), (EMPTY, "empty"), (UNSUPPORTED, "unsupported"), (FAILED, "failed"))
    CSS_CLASSES = {OK: "success", EMPTY: "default", UNSUPPORTED: "default", FAILED: "danger"}
    GOOD = (OK, EMPTY)


class StatusChoices(ChoiceSet):
    """Where a run, or one device in it, stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    CHOICES = (
        (PENDING, "Pending"),
        (IN_PROGRESS, "In progress"),
        (COMPLETED, "Completed"),
        (COMPLETED_WITH_ERRORS, "Completed with errors"),
        (FAILED, "Failed"),
        (SKIPPED, "Skipped"),
        (CANCELLED, "Cancelled"),
    )
    CSS_CLASSES = {
        PENDING: "default",
        IN_PROGRESS: "info",
        COMPLETED: "success",
        COMPLETED_WITH_ERRORS: "warning",
        FAILED: "danger",
        SKIPPED: "default",
        CANCELLED: "default",
    }
    ENDED = (COMPLETED, COMPLETED_WITH_ERRORS, FAILED, SKIPPED, CANCELLED)
    ANSWERED = (COMPLETED, COMPLETED_WITH_ERRORS)
    OPEN = (PENDING, IN_PROGRESS)
    RETRIED = (FAILED, COMPLETED_WITH_ERRORS)


class RunStatusChoices(StatusChoices):
    """A whole run is never skipped."""

    CHOICES = tuple(choice for choice in StatusChoices.CHOICES if choice[0] != StatusChoices.SKIPPED)


class TableChoices(ChoiceSet):
    """The tables by their catalog names."""

    CHOICES = (
        ("interfaces", "Interfaces"),
        ("ip_addresses", "IP addresses"),
        ("arp_entries", "ARP entries"),
        ("mac_addresses", "MAC addresses"),
        ("neighbors", "Neighbors"),
        ("routing_neighbors", "Routing neighbors"),
        ("routes", "Routes"),
        ("bgp_routes", "BGP routes"),
    )


FROM_DEVICES, FROM_LAYER_1, FROM_FILES = "devices", "layer_1", "files"
"""Where a run takes its answers from."""
RUN_TITLES = {FROM_DEVICES: "Discovery", FROM_LAYER_1: "Rebuild", FROM_FILES: "Import"}
