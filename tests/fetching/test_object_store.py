"""The lake on an S3-compatible server that the test starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import QUICK, SUMMARY, Site, article, bureau, listing, night, status

from fetching.archive import export_warc, import_warc, prune, verify
from fetching.crawl import crawl
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What fsspec needs to reach an empty bucket `lake`."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    s3fs = pytest.importorskip("s3fs")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    server.start()
    host, port = server.get_host_and_port()
    options = {"key": "test", "secret": "test", "endpoint_url": f"http://{host}:{port}", "skip_instance_cache": True}
    s3fs.S3FileSystem(**options).mkdir("lake")
    yield options
    server.stop()


def test_the_lake_on_an_object_store(
    site: Site, bucket: dict[str, Any], sources_of: Callable[..., SourceList], store: SnapshotStore, tmp_path: Path
) -> None:
    host = "chengdu.example"
    site.pages[host, "/list.html"] = listing(("/art/1.html", "2022年工作总结"), ("/art/2.html", "2021年工作总结"))
    page = article("2022年工作总结", *SUMMARY)
    sources = sources_of(bureau(host))
    remote = SnapshotStore("s3://lake/minzheng", **bucket)
    replays = []
    for lake in (store, remote):
        for number, shown in enumerate((page, page.replace("9.76", "9.67"), status(404), page), start=1):
            site.pages[host, "/art/1.html"] = shown
            site.pages[host, "/art/2.html"] = status(412) if number == 1 else page.replace("2022", "2021")
            crawl(sources, lake, now=night(number), limits=QUICK, connect_to=site.connect_to)
        replays.append((replay(lake, sources), replay(lake, sources)))
    (ours, ours_again), (theirs, theirs_again) = replays
    columns = ["bulletin_key", "title", "text", "snapshot_sha256"]
    assert theirs.pages.select(columns).equals(ours.pages.select(columns))
    assert theirs.vintages.height == ours.vintages.height == 4
    assert theirs_again.pages.equals(theirs.pages)
    assert ours_again.pages.equals(ours.pages)

    found = verify(remote)
    assert (found.broken, found.rows) == ((), remote.manifest().height)
    export_warc(remote, tmp_path / "lake.warc.gz")
    copy = SnapshotStore("s3://lake/copy", **bucket)
    import_warc(copy, tmp_path / "lake.warc.gz", sources, now=night(9))
    assert copy.manifest().equals(remote.manifest())
    assert prune(remote, now=night(30), keep=night(30) - night(29)) == found.unneeded
    assert verify(remote).broken == ()
