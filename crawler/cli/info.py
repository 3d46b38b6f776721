"""`bantin sites` and `bantin config`: what there is to work on, and every setting."""

import click

from crawler.cli.options import GlobalCommand, Invocation, pass_invocation, print_json


@click.command(cls=GlobalCommand)
@pass_invocation
def sites(invocation: Invocation) -> None:
    """List the portals that are known, and those of --site."""
    from crawler.sites import available_sites, load_site

    config = invocation.config()
    chosen = {site.id: site for site in invocation.sites(config)}
    known = {name: load_site(name) for name in available_sites()} | chosen
    rows = [
        {"id": site.id, "title": site.title, "home": site.home, "chosen": site.id in chosen}
        for site in known.values()
    ]
    if invocation.json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{'*' if row['chosen'] else ' '} {row['id']:24} {row['home']:32} {row['title']}")


@click.command(cls=GlobalCommand)
def config() -> None:
    """Print a commented sample of bantin.toml with every setting."""
    from crawler.config import sample

    click.echo(sample(), nl=False)
