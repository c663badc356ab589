"""A calendar that is none of ours: fetches a feed, reads it with the library icalendar, and prints what it holds.

    calendar_reader.py ADDRESS
"""

import json
import sys
import urllib.request

from icalendar import Calendar

with urllib.request.urlopen(sys.argv[1]) as answer:
    calendar = Calendar.from_ical(answer.read())
print(json.dumps([
    {"day": str(event.decoded("dtstart")), "summary": str(event["summary"]), "uid": str(event["uid"])}
    for event in calendar.walk("VEVENT")
]))
