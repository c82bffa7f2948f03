"""Sentences that fit many records: what agents write between the lines, and what callers answer."""

from __future__ import annotations

RECEIVED = (
    "Hello {first}, we have it and look at it now. You need not do anything.",
    "Good day {first}, thank you. It is with our colleagues of {team}; you hear from us today.",
    "Hello {first}, understood. If it gets worse, please ring us, do not wait for the mail.",
    "Hello {first}, we can see the same from here, so no more screenshots needed. 🙂",
)
NOTED = (
    "Hello {first}, thank you, we have noted it and say when it is done.",
    "Good day {first}, it is with our colleagues of {team}.",
    "Hello {first}, understood. You hear from us by tomorrow.",
)
"""What is answered to a wish."""
FIXED = (
    "Hello {first}, that should be it: {solution} Please tell us if it is not.",
    "Good news, {first}. {solution}",
    "Hello {first}, done. {solution} We leave the ticket open for five days in case it comes back.",
    "{solution} Thank you for your patience, {first}.",
)
PROGRESS = (
    "Rang {first}, no answer, left a message.",
    "Reproduced here. So it is not the caller.",
    "Looked at the logs: nothing before {clock}, then a lot.",
    "Asked {team} for a second pair of eyes.",
    "Same as last week at another site, if I remember rightly.",
    "Waiting for lunch to end over there.",
    "Caller says it comes and goes. Of course it does.",
    "Checked the usual three. It is not the usual three.",
)
ANSWERS = (
    "Here you are, see below. It is the same on the machine of my colleague.",
    "Yes. Please go ahead, after {clock} would be best.",
    "Sorry for the delay, I was on the ward. The answer is: both.",
    "Done as you said, no change.",
    "It is the second one. Regards from the yard.",
    "I have attached it. Is that what you meant?",
    "Since Monday, on every machine, only before noon.",
)
ASKING = (
    "Rang to ask how it stands.",
    "Asks when it will be done; was friendly about it.",
    "Asks again. Was less friendly about it.",
    "Says it is urgent now, month end.",
    "Wanted to add that the colleague has it too.",
)
STILL = (
    "Came back after an hour.",
    "Works for me but not for the night shift.",
    "Was fine until I restarted.",
    "Same again this morning.",
)
AGAIN = (
    "Done once more, this time with a restart after it.",
    "Found the second half of it. Now it is whole.",
    "Same cure, on the machine beside it as well.",
)
ERRANDS = (
    "Asked the manager of the department, answer tomorrow.",
    "On the list for Wednesday's van.",
    "Cost centre was missing, is there now.",
    "Half of it is done, the other half needs a key.",
    "Asked {team} for a free hour.",
)
UPDATES = (
    "We are on it. Next word within half an hour.",
    "Still on it, cause is narrowed down. Next word within half an hour.",
    "We know what it is and try the cure. Next word within half an hour.",
    "Cure works for some, not for all yet. Next word within half an hour.",
)
NOT_OURS = (
    "Not ours: we only run the cable, not what is plugged into it.",
    "Looked into it, the database is bored. Please look at the application.",
    "Wrong queue, this is a matter of rights. Handing on.",
    "Checked, our side is clean. With apologies to the next.",
)
DROPPED = (
    "Logged twice, the other one goes on.",
    "Caller has found it: it was switched off at the wall.",
    "Withdrawn by the caller.",
    "Spam, no caller behind it.",
    "Sorted itself out before we could look.",
)
HOLD = {
    "supplier": (
        "Part ordered with the manufacturer, two working days.",
        "Nordlink has opened a fault, they call back.",
        "Waiting for the engineer with the part.",
    ),
    "change": ("Goes in with the change on Thursday night.", "Needs a restart, has to wait for the window."),
    "problem": ("Same cause as the others, the problem is being worked on.",),
}
AGREED = ("Caller confirms by phone, closed.", "Caller says thank you, closed.", "Confirmed on the corridor.")
RATINGS = {
    5: ("Quick and friendly.", "", "He stayed on the phone until it worked.", "👏", "As it should be."),
    4: ("Good, but I had to explain it twice.", "", "Works again."),
    3: ("It took a while.", "", "In the end it worked."),
    2: ("Three people asked me the same thing.", "I had found it myself by then."),
    1: ("Two days for a cable!", "Closed without asking me."),
}
"""By the number of stars."""
THANKS = ("Works, thank you!", "Perfect, thanks. That was quick.", "Works. Thank you, also for not laughing.", "👍")
