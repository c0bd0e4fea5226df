"""Reports of concern: written, previewed, handed over, acknowledged and answered.

The duty to report is personal and immediate, so nobody approves a report. What was handed over is kept as it was and
never changes; a correction is a new report. A report is never sent again by itself.
"""
