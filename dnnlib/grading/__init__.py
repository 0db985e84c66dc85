"""Grading for a whole class: students' code in a box, tests outside of it, points in nbgrader's gradebook.

`python -m dnnlib.grading` does it step by step: release, intake, autograde, feedback, report, export.

| module | does |
|---|---|
| `exercise` | reads an exercise: given, solution, test and answer cells |
| `release` | the notebooks that students get |
| `intake`, `handin` | match and rebuild a submission; take in a folder of them |
| `box`, `inside`, `wire` | the walls and limits; what runs behind them; the data that may pass |
| `judge`, `pool` | runs one submission against the tests; many side by side |
| `autograde`, `gradebook`, `course` | all of a class, its points, its records |
| `feedback`, `report`, `export` | pages for students, a page about the class, CSV |
"""
