"""Registration of somebody who is not in the index yet: from the key to the signed text, few fields a page."""
