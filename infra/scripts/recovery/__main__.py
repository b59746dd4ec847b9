"""python -m recovery backup | restore | restore-drill. The commands in infra/scripts start it with the right Python."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from recovery import backup, manifest, metrics, sealing
from recovery.errors import RecoveryError
from recovery.restore import Restored, Restoring, restore
from recovery.targets import Target, backups_dir, local_folders, local_postgres, state_dir, target_of

TARGETS = ("local", "compose", "env")


def main(arguments: list[str] | None = None) -> int:
    """0 when all is well, 1 with a message when it is not."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], None] = options.run
        run(options)
    except RecoveryError as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="recovery", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    taking = commands.add_parser("backup", help="take a backup")
    taking.add_argument("--keep", type=int, default=backup.KEPT, help="how many backups stay (0: all)")
    taking.add_argument("--name", help="name of the backup; else the instant")
    taking.add_argument(
        "--no-checksums", action="store_true", help="do not read every row once more to count and hash it"
    )
    taking.set_defaults(run=_backup)
    restoring = commands.add_parser("restore", help="restore a backup into an empty installation")
    restoring.add_argument("backup", help="a folder, the name of a backup, or `latest`")
    restoring.add_argument("--force", action="store_true", help="put aside what is there")
    restoring.add_argument("--check", action="store_true", help="only look whether the backup is whole")
    restoring.set_defaults(run=_restore)
    drilling = commands.add_parser("restore-drill", help="prove that a backup can be restored")
    drilling.add_argument(
        "--from", dest="source", help="this backup instead of a new one: a folder, a name, or `latest`"
    )
    drilling.add_argument("--keep", type=int, default=backup.KEPT)
    drilling.set_defaults(run=_drill)
    for command in (taking, restoring, drilling):
        command.add_argument("--target", choices=TARGETS, default="local")
    return parser


def _backup(options: argparse.Namespace) -> None:
    target = target_of(options.target)
    taken = _recorded(
        target,
        "backup",
        lambda: backup.take(target, name=options.name, keep=options.keep, checksums=not options.no_checksums),
        size=lambda result: result.size,
    )
    _tell_backup(taken)


def _tell_backup(taken: manifest.Backup) -> None:
    inventories = [entry["inventory"] for entry in taken.databases.values() if entry["inventory"]]
    rows = sum(int(count) for each in inventories for count, _ in each["tables"].values())
    print(f"{taken.folder}: {rows:,} rows, {taken.size / 1024**2:.1f} MB, {taken.content['seconds']:.1f} s")
    if not taken.encrypted:
        print(f"  not encrypted: name a key file in {sealing.VARIABLE} before it leaves this machine")


def _restore(options: argparse.Namespace) -> None:
    usual = state_dir() / "backups"
    folder = _folder_of(options.backup, backups_dir(usual))
    taken = manifest.read(folder, key=sealing.key_file())
    if options.check:
        print(f"{folder}: whole; taken {taken.content['created_at']} of PostgreSQL {taken.content['server_version']}")
        return
    started = time.monotonic()
    restored = _into_local(taken, force=options.force) if options.target == "local" else _into(taken, options)
    print(f"restored {', '.join(restored.databases)} in {time.monotonic() - started:.1f} s; all as it was dumped")
    for kept in restored.put_aside:
        print(f"  what was there is kept as {kept}")


def _into(taken: manifest.Backup, options: argparse.Namespace) -> Restored:
    target = target_of(options.target)
    folders = [folder for folder in target.folders if folder.name != "redis-streams"]
    return restore(taken, Restoring(target.postgres, folders, target.passwords, options.force, sealing.key_file()))


def _into_local(taken: manifest.Backup, *, force: bool) -> Restored:
    """The local stack must stand still: its PostgreSQL is started for the restore only."""
    from recovery.local import stopped_stack  # noqa: PLC0415  the only command that needs the checkout's environment

    with stopped_stack(state_dir()) as (admin_url, passwords):
        into = Restoring(local_postgres(admin_url), local_folders(state_dir()), passwords, force, sealing.key_file())
        return restore(taken, into)


def _drill(options: argparse.Namespace) -> None:
    import asyncio  # noqa: PLC0415

    from recovery.drill import drill, told  # noqa: PLC0415  as above

    target = target_of(options.target)

    def work() -> Any:
        if options.source is None:
            taken = backup.take(target, keep=options.keep)
            _tell_backup(taken)
        else:
            taken = manifest.read(_folder_of(options.source, target.backups), key=sealing.key_file())
        return asyncio.run(drill(taken, tell=print))

    drilled = _recorded(target, "restore_drill", work)
    (target.backups / "last-drill.json").write_text(told(drilled) + "\n", encoding="utf-8")
    print(f"the drill went well: {drilled.rows:,} rows of {drilled.tables} tables, {drilled.seconds} s for the restore")


def _recorded(target: Target, what: str, work: Callable[[], Any], size: Callable[[Any], int] | None = None) -> Any:
    """Does the work and leaves its result where monitoring reads it, a failure as well."""
    started = time.monotonic()
    try:
        result = work()
    except BaseException:
        metrics.record(target.metrics, what, succeeded=False, seconds=time.monotonic() - started)
        raise
    seconds = time.monotonic() - started
    metrics.record(target.metrics, what, succeeded=True, seconds=seconds, size=size(result) if size else None)
    return result


def _folder_of(name: str, backups: Path) -> Path:
    if name == "latest":
        known = manifest.finished(backups)
        if not known:
            raise RecoveryError(f"there is no finished backup in {backups}")
        return known[-1]
    return Path(name) if Path(name).is_dir() else backups / name


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whatever was started is ended on the way out
    sys.exit(main())
