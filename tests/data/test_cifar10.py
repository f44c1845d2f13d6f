"""CIFAR-10 is read in its authors' format, downloaded once, and refused if it is not what they published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ncl_course.data import DataError, load_cifar10
from ncl_course.data.cifar10 import CIFAR10
from ncl_course.data.download import data_folder
from ncl_course.language import language
from tests.data.published import FILE, FOLDER, RECORDS, archive, batch, binary, cut_inside, files, serving, sha256

NOBODY = "http://127.0.0.1:9"
"""An address on which no server listens: the port of the old discard service."""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Set NCL_DATA to a folder that does not exist yet, and ignore this machine's proxies."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NCL_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def server():
    with serving(archive()) as served:
        yield served


def load(source, **options):
    return load_cifar10(**{"progress": False, "records": RECORDS, "source": source} | options)


def offline(content):
    """Return a source that cannot be reached, with the checksum of that content."""
    return type(CIFAR10)("CIFAR-10", f"{NOBODY}/{FILE}", sha256(content), 162)


def sentence(**options):
    with pytest.raises(DataError, match=r"\w") as caught:
        load(**options)
    return str(caught.value)


def marks(part):
    """Return each image's number and file, read from its first pixels."""
    return [tuple(round(255 * value) for value in pair) for pair in part.x[:, 0, 0, :2].tolist()]


def test_every_image_occurs_once_with_its_label_and_its_colours(server):
    cifar = load(server.source())
    assert (cifar.train.x.shape, cifar.validation.x.shape, cifar.test.x.shape) == (
        (90, 3, 32, 32),
        (10, 3, 32, 32),
        (20, 3, 32, 32),
    )
    for part in (cifar.train, cifar.validation, cifar.test):
        assert (part.x.dtype, part.labels.dtype) == (np.float32, np.int64)
        for image, label, (number, place) in zip(part.x, part.labels, marks(part), strict=True):
            images, labels = batch(number)
            np.testing.assert_allclose(255 * image, images[place], atol=1e-4)
            assert label == labels[place]
    assert sorted(marks(cifar.train) + marks(cifar.validation)) == [(n, i) for n in range(5) for i in range(RECORDS)]
    assert marks(cifar.test) == [(5, i) for i in range(RECORDS)]


def test_the_classes_have_the_names_of_the_authors():
    from ncl_course.data.cifar10 import CLASSES

    assert CLASSES == ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def test_the_seed_determines_the_split_and_the_order(server):
    one, same, other = (marks(load(server.source(), seed=seed).train) for seed in (1, 1, 2))
    assert one == same
    assert sorted(one) != sorted(other)


def test_a_limit_takes_the_same_fraction_of_every_part(server):
    cifar, whole = load(server.source(), limit=45), load(server.source())
    assert [len(part) for part in (cifar.train, cifar.validation, cifar.test)] == [45, 5, 10]
    assert marks(cifar.train) == marks(whole.train)[:45]
    assert [len(load(server.source(), limit=n).train) for n in (1, 1000)] == [1, 90]
    with pytest.raises(ValueError, match="limit of at least 1 image but got 0"):
        load(server.source(), limit=0)


def test_it_is_downloaded_once_into_the_folder_that_ncl_data_names(server, folder):
    load(server.source())
    assert [path.name for path in folder.iterdir()] == [FILE]
    load(server.source())
    assert server.asked == 1


def test_ncl_data_may_begin_with_the_home_folder(monkeypatch):
    monkeypatch.setenv("NCL_DATA", "~/pictures")
    assert data_folder() == Path.home() / "pictures"


def test_a_relative_ncl_data_is_a_whole_path_in_messages(monkeypatch, tmp_path):
    monkeypatch.setenv("NCL_DATA", "pictures")
    monkeypatch.chdir(tmp_path)
    assert data_folder() == tmp_path / "pictures"


def test_without_ncl_data_it_is_in_the_systems_cache_folder(monkeypatch):
    import pooch

    monkeypatch.delenv("NCL_DATA")
    assert data_folder() == Path(pooch.os_cache("ncl_course"))


def test_a_copy_in_the_folder_is_used_without_a_network(folder):
    folder.mkdir()
    (folder / FILE).write_bytes(archive())
    assert len(load(offline(archive())).train) == 90


@pytest.mark.parametrize("named", ["the file", "its folder"])
def test_a_copy_elsewhere_is_used_without_a_network(named, tmp_path, folder):
    (tmp_path / FILE).write_bytes(archive())
    path = tmp_path / FILE if named == "the file" else str(tmp_path)
    assert len(load(offline(archive()), path=path).train) == 90
    assert not folder.exists()


def test_a_progress_bar_is_shown_while_downloading_and_not_for_a_copy(server, capsys):
    load(server.source(), progress=True)
    shown = capsys.readouterr()
    assert "CIFAR-10: 100%" in shown.err
    assert shown.out == ""
    load(server.source(), progress=True)
    assert "100%" not in capsys.readouterr().err


def test_without_progress_nothing_is_shown(server, capsys):
    load(server.source())
    assert capsys.readouterr() == ("", "")


def test_without_a_network_a_sentence_says_which_file_to_put_where(folder):
    said = sentence(source=offline(archive()))
    assert "could not be downloaded (ConnectionRefusedError: " in said
    assert f"download {NOBODY}/{FILE} (162 MB)" in said
    assert f"put {FILE} as it is, not unpacked, into the folder {folder}" in said
    assert "truncated" not in said
    assert list(folder.iterdir()) == []


def test_without_a_network_a_russian_sentence_says_the_same(folder):
    language("ru")
    assert f"положите {FILE} как есть, не распаковывая, в папку {folder}" in sentence(source=offline(archive()))


def test_a_server_without_the_file_is_reported_like_a_missing_network(server):
    server.status = 404
    assert "could not be downloaded (HTTPError: 404 Client Error" in sentence(source=server.source())


def test_an_interrupted_download_is_not_kept_and_works_the_next_time(server, folder):
    server.sent = len(server.content) // 2
    assert "could not be downloaded (IncompleteRead: " in sentence(source=server.source())
    assert list(folder.iterdir()) == []
    server.sent = len(server.content)
    assert len(load(server.source()).train) == 90


def test_a_different_file_is_refused_and_not_kept(server, folder):
    published = server.source()
    server.content = b"<html>Please log in to the hotel's network</html>"
    server.sent = len(server.content)
    assert f"is not {FILE} as its authors published it: the checksum differs" in sentence(source=published)
    assert list(folder.iterdir()) == []


def test_a_damaged_copy_in_the_folder_is_downloaded_again(server, folder):
    folder.mkdir()
    (folder / FILE).write_bytes(server.content[:1000])
    assert len(load(server.source()).train) == 90
    assert (folder / FILE).read_bytes() == server.content


def test_a_damaged_copy_in_the_folder_is_named_if_there_is_no_network(folder):
    folder.mkdir()
    (folder / FILE).write_bytes(archive()[:1000])
    said = sentence(source=offline(archive()))
    assert said.startswith(f"The copy {folder / FILE} is truncated or altered")
    assert "could not be downloaded" in said


def truncated(content):
    return content[:-100]


def altered(content):
    return content[:500] + bytes([content[500] ^ 1]) + content[501:]


@pytest.mark.parametrize("spoil", [truncated, altered])
def test_a_damaged_copy_elsewhere_is_refused(spoil, tmp_path):
    (tmp_path / FILE).write_bytes(spoil(archive()))
    said = sentence(source=offline(archive()), path=tmp_path)
    assert said.startswith(f"{tmp_path / FILE} is truncated or altered: its checksum is not the published one")


def test_a_path_without_a_file_is_an_error_that_names_the_right_file(tmp_path):
    said = sentence(source=offline(archive()), path=tmp_path / "nothing.tar.gz")
    assert f"There is no file {tmp_path / 'nothing.tar.gz'}. load_cifar10 expects the path of {FILE}" in said


def test_a_file_instead_of_the_data_folder_is_named(server, folder):
    folder.write_text("in the way")
    said = sentence(source=server.source())
    assert f"CIFAR-10 cannot be kept in the folder {folder} (" in said
    assert "NCL_DATA to another folder with 162 MB free" in said


def without(name):
    return {path: content for path, content in files().items() if not path.endswith(name)}


def with_label_ten():
    images, labels = batch(3)
    labels[7] = 10
    return files() | {f"{FOLDER}/data_batch_4.bin": binary(images, labels)}


BROKEN = {
    "cut gzip": (truncated(archive()), "is not a whole tar.gz archive (EOFError: "),
    "cut tar": (cut_inside(archive()), "is not a whole tar.gz archive (ReadError: "),
    "no gzip": (b"<html>", "is not a whole tar.gz archive (ReadError: "),
    "empty": (b"", "is not a whole tar.gz archive (ReadError: "),
    "a file is missing": (
        archive(without("data_batch_2.bin")),
        f"lacks {FOLDER}/data_batch_2.bin: it is not the binary version",
    ),
    "half a record": (
        archive(files() | {f"{FOLDER}/test_batch.bin": binary(*batch(5))[:-1]}),
        "test_batch.bin has 61459 bytes, but 20 records of 3073 bytes are 61460",
    ),
    "a record too few": (
        archive(files() | {f"{FOLDER}/test_batch.bin": binary(*batch(5, RECORDS - 1))}),
        "test_batch.bin has 58387 bytes",
    ),
    "a label of no class": (
        archive(with_label_ten()),
        "record 7 of cifar-10-batches-bin/data_batch_4.bin has the label 10, but the classes are 0 to 9",
    ),
}


@pytest.mark.parametrize(("content", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_an_incomplete_archive_is_refused_even_with_the_right_checksum(content, words, tmp_path):
    (tmp_path / FILE).write_bytes(content)
    said = sentence(source=offline(content), path=tmp_path)
    assert words in said
    assert str(tmp_path / FILE) in said


def test_a_member_is_never_unpacked_and_an_unknown_one_is_ignored(tmp_path, monkeypatch):
    content = archive({"../outside.bin": b"x", "/tmp/absolute.bin": b"x", **files()})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / FILE).write_bytes(content)
    monkeypatch.chdir(tmp_path / "in")
    assert len(load(offline(content), path=".").train) == 90
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [FILE]


def test_the_authors_address_and_checksum_are_the_published_ones():
    assert CIFAR10.url == "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    assert CIFAR10.known_hash == "md5:c32a1d4ab5d03f1284b67883e8d13530"


def test_an_md5_checksum_is_checked_too(tmp_path):
    import hashlib

    content = archive()
    (tmp_path / FILE).write_bytes(content)
    source = type(CIFAR10)("CIFAR-10", f"{NOBODY}/{FILE}", f"md5:{hashlib.md5(content).hexdigest()}", 162)
    assert len(load(source, path=tmp_path).train) == 90
    (tmp_path / FILE).write_bytes(altered(content))
    assert "is truncated or altered" in sentence(source=source, path=tmp_path)
