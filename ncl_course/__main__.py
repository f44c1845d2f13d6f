"""Run `ncl-course` as `python -m ncl_course`, for a shell that does not have the command on its PATH."""

from ncl_course.cli import app

if __name__ == "__main__":
    app(prog_name="ncl-course")
