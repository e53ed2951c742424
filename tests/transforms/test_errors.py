"""The errors of the transforms are one family, and its picture shows them all."""

import transforms.errors as errors
from transforms.errors import TransformError


def test_every_error_is_of_the_family_and_stands_in_the_picture() -> None:
    declared = {name: kind for name, kind in vars(errors).items() if name.endswith("Error")}
    assert all(issubclass(kind, TransformError) for kind in declared.values())
    assert issubclass(TransformError, ValueError)
    assert all(f" {name} " in (errors.__doc__ or "") for name in declared)
