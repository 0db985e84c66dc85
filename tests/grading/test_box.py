"""The box by itself: what it lets code see and use, how it ends, and what is said where no box can be made."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import grading_support as support
import psutil
import pytest
from grading_support import LIMITS

from dnnlib.grading.box import Box, BoxFault
from dnnlib.grading.judge import Session
from dnnlib.grading.limits import GradingError, Limits
from dnnlib.grading.pool import Judge
from dnnlib.grading.walls import need_bubblewrap

SHORT = replace(LIMITS, cell_seconds=2, call_seconds=1)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A box for the tests that do not end it."""
    made = Box(LIMITS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """A judge in a process of its own, as a class is graded."""
    made = Judge()
    yield made
    made.end()


def end(box: Box) -> None:
    """Close a box, if it has not been."""
    if box.process.poll() is None:
        box.close()


def run(box: Box, source: str) -> str:
    """What a cell prints, and its error if there is one."""
    outputs = box.ask({"cell": source}, 30)["outputs"]
    return "".join(output.get("text") or f"{output.get('ename')}: {output.get('evalue')}" for output in outputs)


def job(*cells: str, tests: tuple[tuple[int, str], ...] = (), limits: Limits = SHORT) -> dict[str, Any]:
    """A job with student cells, and tests (visible only) after the cell with a number."""
    items: list[dict[str, Any]] = []
    for number, source in enumerate(cells):
        items.append({"kind": "student", "key": number, "source": source})
        for after, test in tests:
            if after == number:
                item = {"kind": "test", "key": 100 + len(items), "visible": test, "source": test, "names": ["f", "g"]}
                items.append(item)
    return {"items": items, "limits": asdict(limits), "trusted": False}


def test_files_that_are_seen_are_python_s_and_the_system_s(box: Box) -> None:
    shown = run(box, "import os\nprint(sorted(os.listdir('/')), os.getcwd(), os.listdir('/home'), os.listdir('.'))")
    assert "'usr'" in shown
    assert "/home/student ['student'] []" in shown
    for name in ["root/.ssh", "etc/shadow", "etc/passwd", "var", "run", "mnt", "srv", "sys", "boot"]:
        assert run(box, f"import os\nprint(os.path.exists('/{name}'))") == "False\n"


def test_of_the_repository_only_the_library_is_seen(box: Box) -> None:
    shown = run(box, f"import os\nprint(os.listdir({str(support.REPOSITORY)!r}))")
    assert set(eval(shown)) <= {"dnnlib", ".venv"}
    assert run(box, "import dnnlib\nprint(dnnlib.__name__)") == "dnnlib\n"


def test_processes_outside_are_not_seen(box: Box) -> None:
    shown = run(box, "import os\nprint(len([name for name in os.listdir('/proc') if name.isdigit()]), os.getpid())")
    count, own = map(int, shown.split())
    assert count <= 5
    assert own < 20


def test_user_and_rights_are_nobody_s(box: Box) -> None:
    shown = run(box, "import os\nprint(os.getuid(), os.getgroups(), open('/proc/self/status').read())")
    facts = dict(line.split(":\t", 1) for line in shown.splitlines()[1:] if ":\t" in line)
    assert not shown.startswith("0 ")
    assert facts["CapEff"] == facts["CapPrm"] == facts["CapInh"] == "0" * 16
    assert facts["NoNewPrivs"] == "1"
    assert facts["Seccomp"] == "2"


def test_environment_is_the_same_for_everybody(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "a token")
    fresh = Box(LIMITS)
    try:
        shown = run(fresh, "import os\nprint(sorted(os.environ))")
    finally:
        end(fresh)
    assert "SECRET" not in shown
    assert shown == run(box, "import os\nprint(sorted(os.environ))")


def test_there_is_no_network(box: Box) -> None:
    assert run(box, "import psutil\nprint(list(psutil.net_if_addrs()))") in ("['lo']\n", "[]\n")


def test_descriptors_lead_nowhere(box: Box) -> None:
    source = (
        "import os\nfor n in os.listdir('/proc/self/fd'):\n    try:\n        print(os.readlink(f'/proc/self/fd/{n}'))\n"
    )
    shown = run(box, source + "    except OSError:\n        pass")
    kinds = {line.split(":")[0] for line in shown.splitlines() if not line.startswith("/proc/")}
    assert kinds <= {"/dev/null", "/dev/urandom", "socket", "anon_inode", "pipe"}
    assert shown.count("socket:") <= 3


def test_only_its_own_folders_can_be_written(box: Box) -> None:
    source = "for place in ['/tmp', '/home/student', '/dev/shm', '/', '/dev', '/usr', '/home', '/proc']:\n"
    source += (
        "    try:\n        open(place + '/file', 'w').close()\n        print(place)\n    except OSError:\n        pass"
    )
    assert run(box, source).split() == ["/tmp", "/home/student", "/dev/shm"]


def test_disk_is_limited(box: Box) -> None:
    assert "OSError" in run(box, f"open('/tmp/a', 'wb').write(bytes({LIMITS.disk + 1}))")
    source = f"for i in range(9):\n    open(f'/tmp/b{{i}}', 'wb').write(bytes({LIMITS.disk // 4}))"
    assert "No space left" in run(box, source)


def test_threads_and_processes_are_limited(box: Box) -> None:
    source = "import os, time\nn = 0\ntry:\n    for _ in range(500):\n        if os.fork() == 0:\n"
    source += (
        "            time.sleep(9)\n            os._exit(0)\n        n += 1\nexcept OSError:\n    print('made', n)"
    )
    fresh = Box(replace(LIMITS, memory=64 << 30))
    try:
        made = re.search(r"made (\d+)", run(fresh, source))
        assert made
        assert int(made[1]) < LIMITS.processes
    finally:
        end(fresh)


def test_usual_programs_work(box: Box) -> None:
    source = "import subprocess, threading, multiprocessing, tempfile\n"
    source += "t = threading.Thread(target=print, args=('thread',)); t.start(); t.join()\n"
    source += "print(subprocess.run(['echo', 'program'], capture_output=True, text=True).stdout)\n"
    source += "with multiprocessing.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, -2]))\n"
    source += "with tempfile.TemporaryFile() as file:\n    print(file.write(b'12345'))\n"
    assert run(box, source).split() == ["thread", "program", "[1,", "2]", "5"]


def test_memory_of_one_process_is_limited() -> None:
    fresh = Box(LIMITS)
    try:
        assert "MemoryError" in run(fresh, f"import numpy as np\nnp.ones({2 * LIMITS.memory} // 8)")
        with pytest.raises(BoxFault, match=f"more than {LIMITS.memory >> 20} MiB of memory"):
            run(fresh, f"import numpy as np, time\na = np.ones({LIMITS.memory} // 8)\ntime.sleep(20)")
    finally:
        end(fresh)


def test_files_count_as_memory() -> None:
    fresh = Box(replace(LIMITS, memory=300 << 20, disk=256 << 20))
    source = "import time\nfor place in ['/tmp', '/dev/shm']:\n    for i in range(7):\n"
    source += "        open(f'{place}/{i}', 'wb').write(bytes(32 << 20))\ntime.sleep(20)"
    try:
        with pytest.raises(BoxFault, match="MiB of memory"):
            run(fresh, source)
    finally:
        end(fresh)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\nos._exit(0)", "it ended the Python process"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "it took more than 1 seconds"),
    ],
)
def test_end_of_a_box_is_explained(source: str, words: str) -> None:
    fresh = Box(LIMITS)
    with pytest.raises(BoxFault, match=words):
        fresh.ask({"cell": source}, 1)
    assert fresh.process.poll() is not None


def test_close_ends_everything() -> None:
    fresh = Box(LIMITS)
    number = str(LIMITS.output * 1000 + 1)
    run(fresh, f"import subprocess\nfor _ in range(3):\n    subprocess.Popen(['setsid', 'sleep', '{number}'])")
    assert any(number in command for command in commands())
    end(fresh)
    assert not any(number in command for command in commands())


def test_cells_that_end_the_process_are_left_out_and_the_rest_goes_on() -> None:
    cells = [
        "x = [1]\nprint('first')",
        "import os\nos._exit(0)",
        "x.append(2)",
        "os = __import__('os'); os._exit(1)",
        "print(x)",
    ]
    session = Session(job(*cells)["items"], SHORT, False)
    try:
        session.run()
    finally:
        session.close()
    assert session.starts == 3
    assert session.faults == {1: "it ended the Python process", 3: "it ended the Python process"}
    assert session.outputs[4][0]["text"] == "[1, 2]\n"
    assert [output["evalue"] for output in session.outputs[1]] == ["it ended the Python process"]


def test_process_that_ends_in_a_test_is_started_again_for_the_next(judge: Judge) -> None:
    cells = ["import os\ndef f():\n    os._exit(0)", "def g():\n    return 5"]
    verdict = judge.ask(job(*cells, tests=((0, "f()"), (1, "assert g() == 5"))))
    ended, right = verdict["tests"].values()
    assert (ended["passed"], ended["message"]) == (False, "it ended the Python process")
    assert right["passed"]
    assert verdict["reason"] == ""


def test_too_many_ends_are_told_and_no_test_counts(judge: Judge) -> None:
    limits = replace(SHORT, restarts=1)
    verdict = judge.ask(job(*["import os\nos._exit(0)"] * 3, tests=((2, "pass"),), limits=limits))
    assert verdict["reason"] == "its code ended the process 2 times"
    assert verdict["tests"] == {}


def test_time_of_all_together_is_limited(judge: Judge) -> None:
    limits = replace(SHORT, total_seconds=4)
    verdict = judge.ask(job(*["import time\ntime.sleep(1.9)"] * 9, tests=((8, "pass"),), limits=limits))
    assert verdict == {"reason": "it took more than 4 seconds in all"}
    assert judge.process is not None
    assert psutil.Process(judge.process.pid).children(recursive=True) == []


def test_hidden_tests_are_told_as_nothing_but_failed(judge: Judge) -> None:
    secret = "the answer is 42"
    given = job("def f():\n    return 1")
    source = f"### BEGIN HIDDEN TESTS\nassert f() == 42, {secret!r}\n### END HIDDEN TESTS"
    given["items"].append({"kind": "test", "key": 7, "visible": "assert f()", "source": source, "names": ["f"]})
    verdict = judge.ask(given)
    assert verdict["tests"]["7"] == {
        "passed": False,
        "hidden": True,
        "name": "AssertionError",
        "message": "a hidden test failed",
    }
    assert secret not in str(verdict)


def test_missing_bubblewrap_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GradingError) as missing:
        need_bubblewrap()
    for words in ["bubblewrap is not installed", "apt install bubblewrap", "--trust-submissions"]:
        assert words in str(missing.value)


def test_bubblewrap_that_may_not_work_is_told_with_its_own_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(GradingError) as refused:
        need_bubblewrap()
    for words in ["cannot make a box here", "No permissions to create new namespace", "--trust-submissions"]:
        assert words in str(refused.value)


def test_missing_filter_of_system_calls_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    with pytest.raises(GradingError) as missing:
        need_bubblewrap()
    for words in ["pyseccomp", "pip install 'dnnlib[exercises]'", "apt install libseccomp2", "--trust-submissions"]:
        assert words in str(missing.value)


def test_without_bubblewrap_nothing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = support.new_course(tmp_path / "class")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GradingError, match="bubblewrap is not installed"):
        support.autograde(course, support.EXERCISE)
    assert not course.folder("autograded").exists()


def test_bubblewrap_works_here() -> None:
    need_bubblewrap()
    assert subprocess.run(["bwrap", "--version"], capture_output=True, check=True).stdout.startswith(b"bubblewrap")


def commands() -> list[str]:
    """The commands of all processes."""
    return [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
