"""What is given out beside the warehouse file, made anew with each release: the report page and the live Parquet folder."""

import dagster as dg

from assets.home import code_version, fingerprint, read_marker
from assets.star import CODE, GROUP, warehouse
from assets.workspace import Workspace, not_made
from warehouse import query
from warehouse.export import refresh_live
from warehouse.report import write_report
from warehouse.verify import sha256

#: Values that one page in a browser can still show; of more, `minzheng report` makes it where there is time and memory.
MOST_ON_A_PAGE = 50_000


@dg.asset(group_name=GROUP, kinds={"html"}, deps=[warehouse])
def report(workspace: Workspace) -> dg.MaterializeResult:
    """One self-contained page on the release: coverage, trends, targets against results, conflicts; works offline."""
    home = workspace.home
    if not home.warehouse.exists():
        raise not_made("there is no published file", "warehouse")
    path, made_of = home.warehouse.with_name("report.html"), home.warehouse.with_name(".report_origin")
    newest = query.summary(home.warehouse)
    origin = fingerprint(str(newest["release_id"]), code_version(*CODE))
    written = newest["facts"] <= MOST_ON_A_PAGE
    if written and not (path.exists() and read_marker(made_of) == f"{origin} {sha256(path)}"):
        write_report(home.warehouse, path)
        made_of.write_text(f"{origin} {sha256(path)}", encoding="utf-8")
    return dg.MaterializeResult(
        data_version=dg.DataVersion(origin),
        metadata={
            "values": newest["facts"],
            "file": dg.MetadataValue.path(path) if written else "too many values for one page; see `minzheng report`",
        },
    )


@dg.asset(group_name=GROUP, kinds={"parquet"}, deps=[warehouse])
def live_folder(workspace: Workspace) -> dg.MaterializeResult:
    """The release as Parquet behind a link that turns at once, for clients that keep a file open."""
    if not workspace.home.warehouse.exists():
        raise not_made("there is no published file", "warehouse")
    current = refresh_live(workspace.home.warehouse, workspace.home.warehouse.with_name("live"))
    return dg.MaterializeResult(
        data_version=dg.DataVersion(current.name), metadata={"folder": dg.MetadataValue.path(current)}
    )
