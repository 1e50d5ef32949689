import pytest
from pydantic import ValidationError

from dashboard.settings import WebSettings


def test_pages_are_for_this_machine_unless_told_otherwise() -> None:
    assert (WebSettings().host, WebSettings().port) == ("127.0.0.1", 8080)


@pytest.mark.parametrize(
    "section",
    [{"prot": 80}, {"port": 70_000}, {"port": "web"}, {"threads": 0}, {"refresh_s": 1}],
)
def test_a_wrong_section_is_refused(section: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WebSettings.model_validate(section)
