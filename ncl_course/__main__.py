"""Run `ncl-course`, also as `python -m ncl_course` for a shell that does not have the command on its PATH.

A process of `multiprocessing` imports the program that has started it. That is this file, so it loads the verbs only to
run one.
"""


def run() -> None:
    """Run the verb that the command line names.

    Raises:
        SystemExit: as the verb ends; with status 130 if Ctrl-C is pressed before the verbs are loaded.
    """
    try:
        from ncl_course.cli import app
    except KeyboardInterrupt:
        raise SystemExit(130) from None

    app(prog_name="ncl-course")


if __name__ == "__main__":
    run()
