"""A patient's door to ЕСОЗ, whichever it is: what the telephone and the state's portal have in common.

The pages of a trusted client of central: coming in, registering, choosing a doctor, changing own data, reading them. A
door adds how its people are known, how they sign, and pages of its own; it knows nothing of central from inside.
"""
