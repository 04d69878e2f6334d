"""The example is run: `BLIS=target/debug/blis python3 -m unittest discover examples/python`."""

import contextlib
import importlib.util
import io
import os
import tempfile
import unittest

import instances

BLIS = os.path.abspath(os.environ.get("BLIS", "target/debug/blis"))


class Example(unittest.TestCase):
    def test_a_run_is_the_same_every_time(self):
        config = {"seed": 7, "workload": {"num_requests": 50}}
        run = instances.simulate(config, BLIS)
        self.assertEqual(run["summary"]["requests"], 50)
        self.assertEqual(run["config"]["seed"], 7)
        self.assertRegex(run["digest"], "^[0-9a-f]{16}$")
        self.assertEqual(instances.simulate(run["config"], BLIS), run)

    def test_a_setting_that_cannot_be_used_is_an_error_that_names_it(self):
        with self.assertRaisesRegex(ValueError, "--rate must be a number greater than 0, got 0"):
            instances.simulate({"workload": {"rate": 0}}, BLIS)

    def test_the_program_prints_a_line_for_each_number_of_instances_and_what_its_libraries_make_of_them(self):
        printed = io.StringIO()
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                with contextlib.redirect_stdout(printed):
                    instances.main(BLIS)
            finally:
                os.chdir(before)
            files = os.listdir(folder)
        lines = [line for line in printed.getvalue().splitlines() if "instances: TTFT p99" in line]
        self.assertEqual([int(line.split()[0]) for line in lines], [4, 6, 8, 10, 12])
        self.assertIn("overloaded", lines[0])
        has_pandas, has_matplotlib = (importlib.util.find_spec(name) for name in ("pandas", "matplotlib"))
        self.assertEqual(files, ["instances.png"] if has_pandas and has_matplotlib else [])
        if has_pandas:
            self.assertRegex(printed.getvalue(), r"(?m)^instances\s*$(\n^(4|6|8|10|12) .*$){5}")
        else:
            self.assertIn("pandas is not installed: no data frame\n", printed.getvalue())
        if has_pandas and not has_matplotlib:
            self.assertIn("matplotlib is not installed: no plot\n", printed.getvalue())


if __name__ == "__main__":
    unittest.main()
