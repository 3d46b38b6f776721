"""The command line: help, options before and after the command, the README and the commands hold each other."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from crawler.config import Config, load_config, sample
from feeds.cli import main
from fixtures.portal import scaled_portal

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself_and_stands_in_the_readme(name):
    told = CliRunner().invoke(main, [name, "--help"])
    assert told.exit_code == 0
    assert main.commands[name].get_short_help_str()
    assert f"`bantin {name}" in README


def test_the_readme_names_no_command_that_does_not_exist():
    named = set(re.findall(r"bantin ([a-z]+)", README)) - {"crawls"}
    assert named <= set(main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_has_help(name):
    command = main.commands[name]
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_sample_is_a_configuration_that_changes_nothing(tmp_path, monkeypatch):
    for name in Config.model_fields:
        monkeypatch.delenv(f"BANTIN_{name.upper()}", raising=False)
    uncommented = re.sub(r"^# (\w+ = )", r"\1", sample(), flags=re.MULTILINE)
    file = tmp_path / "bantin.toml"
    file.write_text(uncommented, encoding="utf-8")
    assert load_config(file) == load_config()


def test_command_line_over_environment_over_file(tmp_path, monkeypatch):
    file = tmp_path / "bantin.toml"
    file.write_text("delay = 7\nfeed_size = 7\ntimeout = 7\n", encoding="utf-8")
    monkeypatch.setenv("BANTIN_DELAY", "8")
    monkeypatch.setenv("BANTIN_FEED_SIZE", "8")
    config = load_config(file, {"delay": 9})
    assert (config.delay, config.feed_size, config.timeout) == (9, 8, 7)


def test_global_options_stand_before_or_after_the_command(tmp_path):
    for arguments in (["--json", "sites"], ["sites", "--json"]):
        told = CliRunner().invoke(main, arguments)
        assert told.exit_code == 0, told.output
        assert "dukcqtw" in {site["id"] for site in json.loads(told.stdout)}


def test_a_password_never_shows(tmp_path):
    told = CliRunner().invoke(main, ["--store", "postgresql://me:geheim@127.0.0.1:1/x", "export"])
    assert told.exit_code == 4
    assert "geheim" not in told.output


def test_feeds_status_and_check_after_a_run(serve):
    bantin = serve(scaled_portal(12, sections=2))
    assert bantin.run("run").code == 0
    listed = bantin.run("feeds", "--json").json
    assert {row["id"] for row in listed} >= {"all", "muc-1", "muc-2", "ctv-du-luan-xa-hoi"}
    assert "run 1" in bantin.run("status").out
    assert bantin.run("check").code == 0
    (bantin.folder / "public/all/atom.xml").write_bytes(b"<feed")
    broken = bantin.run("check")
    assert broken.code == 3
    assert "all/atom.xml" in broken.err


def test_inspect_shows_fields_and_rules_of_a_page_and_of_a_file(serve):
    portal = scaled_portal(6, sections=1)
    bantin = serve(portal)
    article = next(iter(portal))
    url = f"http://{portal.host}{article.path}"
    told = bantin.run("inspect", url, "--json")
    assert told.code == 0, told.err
    assert told.json["article"]["title"] == article.title
    assert told.json["rules"]["title"]
    assert not (bantin.folder / "var").exists()
    shown = bantin.run("inspect", url)
    assert article.id in shown.out


def test_inspect_of_a_page_that_is_none(serve, tmp_path):
    bantin = serve(scaled_portal(6, sections=1))
    page = bantin.folder / "page.html"
    page.write_text("<html><body><h1>404</h1><p>Không tìm thấy trang.</p></body></html>", encoding="utf-8")
    told = bantin.run("inspect", "page.html")
    assert told.code == 7
    assert "soft-404" in told.err
    assert bantin.run("inspect", "nowhere.html").code == 2
    assert bantin.run("inspect", "http://other.example/").code == 6


def test_reports_are_written_to_a_file(serve):
    bantin = serve(scaled_portal(6, sections=1))
    assert bantin.run("crawl", "--report", "out/report.json").code == 0
    report = json.loads((bantin.folder / "out/report.json").read_text(encoding="utf-8"))
    assert report["articles"]["new"] == 6


def test_several_sites_in_one_run_each_with_its_report(serve):
    bantin = serve(scaled_portal(6, sections=1))
    text = (Path(__file__).parents[2] / "crawler/sites/dukcqtw.toml").read_text(encoding="utf-8")
    other = text.replace('id = "dukcqtw"', 'id = "second"', 1)
    (bantin.folder / "second.toml").write_text(other, encoding="utf-8")
    ended = bantin.run("--json", "--site", "dukcqtw", "--site", "second.toml", "crawl")
    assert ended.code == 0, ended.err
    assert [report["site"] for report in ended.json] == ["dukcqtw", "second"]
    assert [report["articles"]["new"] for report in ended.json] == [6, 6]
