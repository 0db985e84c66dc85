"""Grading for a whole class: students' code in a box, tests outside of it, points in nbgrader's gradebook.

`python -m dnnlib.grading` does it step by step: release, intake, autograde, feedback, report, export.

| module | does |
|---|---|
| `exercise` | reads an exercise: given, solution, test and answer cells |
| `release`, `solved` | the notebooks that students get, before and after the deadline |
| `intake`, `handin` | match and rebuild a submission; take in a folder of them |
| `limits`, `walls`, `box` | what a submission may use; what it cannot see or do; a running box |
| `inside`, `wire` | what runs in the box; the data that may pass |
| `job`, `judge`, `pool` | what a judge gets; one submission against the tests; many side by side |
| `autograde`, `gradebook`, `course` | all of a class, its points, its records |
| `feedback`, `report`, `export` | pages for students, a page about the class, CSV |
"""
