"""When something happened, as people say it: today 14:02, Tuesday 09:15, 3 March 11:05."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QLocale


def moment(at: datetime, now: datetime | None = None, seconds: bool = False) -> str:
    """`at` in local time; a value without a zone is taken for UTC's, as MongoDB gives it."""
    local = _local(at)
    here = _local(now) if now else datetime.now().astimezone()
    clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    days = (here.date() - local.date()).days
    if days == 0:
        return QCoreApplication.translate("times", "today {0}").format(clock)
    if days == 1:
        return QCoreApplication.translate("times", "yesterday {0}").format(clock)
    if 1 < days < 7:
        return f"{QLocale().dayName(local.isoweekday())} {clock}"
    month = QLocale().monthName(local.month)
    year = "" if local.year == here.year else f" {local.year}"
    return f"{local.day} {month}{year} {clock}"


def ago(at: datetime, now: datetime | None = None) -> str:
    """“just now” within a minute, else the moment."""
    here = _local(now) if now else datetime.now().astimezone()
    if abs(here - _local(at)) < timedelta(minutes=1):
        return QCoreApplication.translate("times", "just now")
    return moment(at, now)


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at.astimezone()
