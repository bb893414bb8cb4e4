"""Operations the service has but this release does not run yet: known by name, so that asking for one is understood."""

from backend.operations.contract import Area

NOT_IN_THIS_RELEASE: dict[str, Area] = {}
