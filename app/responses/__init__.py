"""What a school unit answers in a survey round: figures, a nil return, or pupils described one by one.

An answer is a draft on the server until it is submitted, and never changes after that: a new version does. Whatever
cannot wait, and every pupil who is not explained with evidence, becomes a case at the coordinator's.
"""
