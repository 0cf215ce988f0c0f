"""The app by its test client: pages, files, headers, and who is let in."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from flask import Flask

from dashboards.app.address import view_of
from dashboards.app.answers import answer
from dashboards.app.choices import choices_of
from dashboards.app.reader import Published, Run
from dashboards.app.security import Access, user_of
from dashboards.app.selection import Slice
from dashboards.app.server import build_app
from dashboards.text import Language, Text
from pipelines.settings import Settings
from tests.dashboards.app.conftest import ask, html_of, said
from tests.dashboards.invented import HOSTILE, invented

NAME = "on_time.due.rolled"


def test_a_journey_shows_the_published_total(server: Flask, example: Run) -> None:
    (row,) = example.figures(Slice("permits"), "all", NAME)
    page = said(server, "?journey=permits")
    assert Text("nl").percent(row["value"]) in page
    assert row["definition_hash"][:8] in page


def test_a_period_shows_the_sum_of_its_months(server: Flask, example: Run) -> None:
    rows = example.figures(Slice("permits"), "month", "workload.opened")[2:6]
    total = sum(row["value"] for row in rows)
    span = f"first={rows[0]['period']}&last={rows[-1]['period']}"
    page = said(server, f"?journey=permits&kpi=workload.opened&{span}")
    assert f"{Text('nl').number(total)}\N{NO-BREAK SPACE}zaken" in page


def test_two_periods_are_compared_without_a_verdict(server: Flask, example: Run) -> None:
    first, second = (
        example.figures(Slice("permits"), "month", "workload.opened")[i] for i in (1, 2)
    )
    page = said(
        server,
        "?lang=en&journey=permits&kpi=workload.opened"
        f"&first={second['period']}&last={second['period']}"
        f"&with_first={first['period']}&with_last={first['period']}",
    )
    change = Text("en").change(second["value"] - first["value"], "cases")
    assert f"Difference: {change}" in page
    assert "proves nothing yet" in page


def test_a_median_over_some_months_is_a_span(server: Flask, example: Run) -> None:
    months = example.choices.months[:3]
    span = f"first={months[0]}&last={months[-1]}"
    page = said(server, f"?journey=permits&kpi=lead_time.closed.median&{span}")
    assert "is niet op te tellen over maanden" in page


def test_a_combination_without_figures_says_which_and_why(server: Flask) -> None:
    page = said(server, "?formula=ontwerp&channel=web")
    assert "Geen cijfers voor deze combinatie: serviceformule" in page
    assert "kanaal web" in page


def test_an_unknown_choice_is_named(server: Flask) -> None:
    assert "Kanaal ‘fax’" in said(server, "?channel=fax")


def test_markup_in_an_address_stays_text(server: Flask) -> None:
    hostile = "<script>alert(1)</script>"
    page = html_of(server, f"?channel={hostile}")
    assert hostile not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert hostile not in server.test_client().get("/", query_string={"lang": hostile}).text


def test_markup_in_names_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run with markup in every name: its page, its answers, and its map."""
    marts = invented(2, is_hostile=True)
    parts = marts.tables["kpi_values"].partition_by("journey", "segment_kind", as_dict=True)
    run = Run(tmp_path, marts, choices_of(marts), parts)
    monkeypatch.setattr(Published, "run", lambda self: run)
    hostile = build_app(tmp_path)
    pages = [hostile.test_client().get("/").text]
    pages += [html_of(hostile, search) for search in ("", "?journey=permits&phase=in")]
    for page in pages:
        assert HOSTILE not in page
        assert "alert(1)" in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_shell_speaks_the_language_of_the_address(server: Flask, language: Language) -> None:
    page = server.test_client().get(f"/?lang={language}").text
    assert f'<html lang="{language}">' in page
    assert Text(language)("app.waiting") in page
    assert Text(language)("app.clear") in page


def test_a_clicked_transition_shows_counts_and_routes_and_no_case(
    server: Flask, example: Run
) -> None:
    edges = example.marts.rows("process_edges", journey="permits", is_withheld=False)
    edge = max(edges, key=lambda row: row["occurrences"])
    found = said(
        server,
        f"?lang=en&journey=permits&step={edge['from_activity']}&following={edge['to_activity']}",
    )
    assert f"{Text('en').number(edge['occurrences'])} times" in found
    assert "Routes that pass here" in found
    assert "Single cases are not in the publication" in found


@pytest.mark.parametrize(
    ("kind", "chosen"), [("channel", "channel={part}"), ("year", "first={part}-01&last={part}-12")]
)
def test_the_map_is_that_of_the_chosen_part(
    kind: str, chosen: str, server: Flask, example: Run
) -> None:
    [edge, *_] = example.marts.rows("process_edge_parts", part_kind=kind, is_withheld=False)
    ends = f"step={edge['from_activity']}&following={edge['to_activity']}"
    search = f"?lang=en&journey={edge['journey']}&{ends}&{chosen.format(part=edge['part'])}"
    found = said(server, search)
    assert f"The map is about {edge['part']} alone" in found
    assert f"{Text('en').number(edge['occurrences'])} times" in found


@pytest.mark.parametrize(
    "chosen", ["channel={channel}&first=2025-01&last=2025-12", "first=2025-02"]
)
def test_a_choice_without_a_map_of_its_own_says_so(
    chosen: str, server: Flask, example: Run
) -> None:
    channel = example.choices.segments["channel"][0]
    found = said(server, f"?lang=en&journey=permits&{chosen.format(channel=channel)}")
    assert "of this choice no map of its own was published" in found


def test_a_partner_has_its_handoffs_and_no_figure_is_cut_by_it(tmp_path: Path) -> None:
    choices = choices_of(invented())
    [partner] = choices.segments["partner"]
    run = Run(tmp_path, invented(), choices, {})
    view, unknown = view_of(f"?journey=permits&partner={partner}", choices)
    found = answer(run, view, unknown, Text("nl"))
    assert found.missing is not None
    assert found.missing.endswith(Text("nl")("app.by_partner"))
    assert found.tiles == ()
    [table] = found.tables.values()
    assert table.rows
    assert all(partner in row[0].words + row[1].words for row in table.rows)


def test_a_table_as_a_file_has_the_published_numbers_and_their_definition(
    server: Flask, example: Run
) -> None:
    answer = server.test_client().get(f"/csv/trend?journey=permits&kpi={NAME}")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    published = example.figures(Slice("permits"), "month", NAME)
    assert len(rows) == len(published) + 1
    for line, row in zip(rows[1:], published, strict=True):
        if row["value"] is not None:
            assert float(line[2]) == pytest.approx(row["value"])
        assert line[-1] == row["definition_hash"]


@pytest.mark.parametrize("name", ["nope", "detail", "manifest.json"])
def test_a_table_that_is_not_on_the_page_is_no_file(server: Flask, name: str) -> None:
    assert server.test_client().get(f"/csv/{name}?journey=permits").status_code == 404


def test_the_map_is_a_file(server: Flask) -> None:
    answer = server.test_client().get("/map.svg?journey=permits")
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert answer.text.startswith("<svg")
    assert server.test_client().get("/map.svg").status_code == 404


def test_the_site_is_served_beside_it(server: Flask) -> None:
    client = server.test_client()
    assert client.get("/site/", buffered=True).status_code == 200
    assert client.get("/site/definities.html", buffered=True).status_code == 200
    for path in ("/site/../manifest.json", "/site/%2e%2e/manifest.json", "/site/assets/"):
        assert "config_hash" not in client.get(path, buffered=True).text


@pytest.mark.parametrize("name", ["server.py", "map-standalone.css", "app.py"])
def test_no_other_file_is_handed_out(server: Flask, name: str) -> None:
    assert server.test_client().get(f"/shared/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/shared/..%2fserver.py", "/shared/../server.py"])
def test_no_path_leads_out_of_the_folder(server: Flask, path: str) -> None:
    assert "def build_app" not in server.test_client().get(path).text


@pytest.mark.parametrize("path", ["/", "/site/", "/shared/app.js", "/csv/nope", "/_dash-layout"])
def test_every_answer_is_guarded_and_sets_no_cookie(server: Flask, path: str) -> None:
    headers = server.test_client().get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


def test_the_page_runs_no_script_but_its_own(server: Flask) -> None:
    answer = server.test_client().get("/")
    scripts = answer.headers["Content-Security-Policy"].split("script-src ")[1].split(";")[0]
    assert "unsafe-inline" not in scripts
    assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.text) == []


def test_another_host_name_is_refused(server: Flask) -> None:
    assert ask(server, "", headers={"Host": "evil.example"}).status_code == 400


def test_a_named_host_is_answered(example_run: Settings) -> None:
    named = build_app(example_run.published, Access(hosts=("hartslag.example",)))
    assert ask(named, "", headers={"Host": "hartslag.example"}).status_code == 200


def test_behind_a_path_everything_is_below_it(example_run: Settings) -> None:
    client = build_app(example_run.published, Access(prefix="/hartslag/")).test_client()
    page = client.get("/hartslag/").text
    assert set(re.findall(r'(?:src|href)="(/[^/"]*)', page)) == {"/hartslag"}
    assert client.get("/hartslag/shared/app.js", buffered=True).status_code == 200
    assert client.get("/").status_code == 404


ACCESS = Access(user_header="X-Forwarded-User", proxies=("10.0.0.0/24",))


@pytest.mark.parametrize(
    ("address", "headers", "user"),
    [
        ("10.0.0.7", {"X-Forwarded-User": " j.jansen "}, "j.jansen"),
        ("10.0.0.7", {"x-forwarded-user": "j.jansen"}, "j.jansen"),
        ("10.0.0.7", {}, None),
        ("10.0.1.7", {"X-Forwarded-User": "j.jansen"}, None),
        (None, {"X-Forwarded-User": "j.jansen"}, None),
    ],
)
def test_a_user_is_believed_from_the_proxy_alone(
    address: str | None, headers: dict[str, str], user: str | None
) -> None:
    assert user_of(ACCESS, address, headers) == user


def test_nobody_gets_in_past_the_proxy(example_run: Settings) -> None:
    guarded = build_app(example_run.published, ACCESS)
    named = {"X-Forwarded-User": "j.jansen"}
    outside = {"REMOTE_ADDR": "192.0.2.1"}
    inside = {"REMOTE_ADDR": "10.0.0.7"}
    assert ask(guarded, "", headers=named, environ_overrides=outside).status_code == 403
    assert ask(guarded, "", environ_overrides=inside).status_code == 403
    client = guarded.test_client()
    page = client.get("/", headers=named, environ_overrides=inside)
    assert "Ingelogd als j.jansen" in page.text
    assert client.get("/", headers=named, environ_overrides=outside).status_code == 403


def test_without_a_run_the_page_says_what_to_wait_for(tmp_path: Path) -> None:
    empty = build_app(tmp_path)
    assert "Er is nog niets gepubliceerd" in empty.test_client().get("/").text
    assert "Nothing is published yet" in empty.test_client().get("/?lang=en").text
    assert empty.test_client().get("/csv/trend").status_code == 404


def test_an_error_is_said_without_its_details(
    server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("dashboards.app.server.answer", fail)
    page = ask(server, "?journey=permits").text
    assert "Dit beeld kon niet worden gemaakt" in page
    assert "secret" not in page
