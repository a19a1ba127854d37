"""Who has my permission: doctors whom I opened records to, systems that act on my behalf; both can be ended."""
