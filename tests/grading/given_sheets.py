"""Grading sheets as learning platforms write them, and results to fill them with."""

from __future__ import annotations

from ncl_course.grading.sheets.table import parsed
from tests.grading.reports.test_reports import entry

MOODLE_EN = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 11,Anna Petrova,anna@example.org,"Submitted for grading - ",,100.00,Yes,'
    '"Monday, 12 October 2026, 11:41 PM",-,"<p>Well ""done""!</p>\r\n<p>=1+1</p>"\r\n'
    "Participant 12,Boris Orlov,boris@example.org,Submitted for grading,50.00,100.00,Yes,"
    '"Wednesday, 14 October 2026, 12:05 AM","Thursday, 15 October 2026, 9:00 AM",\r\n'
    'Participant 13,"O\'Neil, Clara",clara@example.org,Submitted for grading,70.00,100.00,No,-,-,\r\n'
    "Participant 14,Dmitry Belov,dmitry@example.org,No submission,,100.00,Yes,-,-,\r\n"
)
MOODLE_RU = (
    '\ufeffИдентификатор;"Полное имя";"Адрес электронной почты";Состояние;Оценка;"Максимальная оценка";'
    '"Оценка может быть изменена";"Последнее изменение (ответ)";"Последнее изменение (оценка)";'
    '"Отзыв в виде комментария"\n'
    'Участник11;"Анна Петрова";anna@example.org;"Ответы для оценки";;"10,00";Да;'
    '"понедельник, 12 октября 2026, 23:41";-;\n'
    'Участник12;"Борис Орлов";boris@example.org;"Ответы для оценки";"5,00";"10,00";Нет;-;-;\n'
)
MOODLE_DE = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
    '"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
    'Teilnehmer/in11,"Anna Petrova",anna@example.org,"Zur Bewertung abgegeben",,"9,00",Ja,'
    '"Montag, 12. Oktober 2026, 23:41",-,\n'
)
MOODLE_UNKNOWN = (
    "識別碼,全名,狀態,成績,最高分,可更改,意見\n"
    "參與者 11,Anna,已繳交,,100.00,是,\n"
    "參與者 12,Boris,已繳交,55.00,100.00,是,\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,01 Pooling (501),02 Activations (502),Current Score,Final Score\n"
    ",,,,,Manual Posting,,,\n"
    "    Points Possible,,,,,18.00,10.00,(read only),(read only)\n"
    '"Petrova, Anna",4711,S1,apetrova,Group 1,,8.00,80.00,40.00\n'
    '"Orlov, Boris",4712,S2,borlov,Group 1,EX,,,\n'
    '"Volkova, Clara",4713,S3,cvolkova,Group 1,N/A,,,\n'
    '"Belov, Dmitry",4714,S4,dbelov,Group 1,3.00,,,\n'
    '"Student, Test",4799,,0123abc,Group 1,,,,\n'
)


def sheet_of(tmp_path, content):
    """Return a sheet with that content."""
    bom, plain = ("\ufeff", content[1:]) if content.startswith("\ufeff") else ("", content)
    return parsed(tmp_path / "sheet.csv", bom, plain)


def graded(student, number="", score=7.5, **more):
    """Return an entry for a lesson of nine points."""
    return entry(student, **{"id": number, "score": score, "max_score": 9.0, **more})
