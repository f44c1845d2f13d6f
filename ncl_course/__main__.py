"""Run `ncl-course`, also as `python -m ncl_course` for a shell that does not have the command on its PATH.

A process of `multiprocessing` imports the program that has started it. That is this file, so it loads the verbs only to
run one.
"""


def run() -> None:
    """Run the verb that the command line names."""
    from ncl_course.cli import app

    app(prog_name="ncl-course")


if __name__ == "__main__":
    run()
