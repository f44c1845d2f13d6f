"""`python -m ncl_course` is `ncl-course`, for where the command is not on the PATH."""

from ncl_course.cli import app

if __name__ == "__main__":
    app(prog_name="ncl-course")
