"""How the patient confirms what is done in ЕСОЗ: telephones that codes come to, their names, their end."""
