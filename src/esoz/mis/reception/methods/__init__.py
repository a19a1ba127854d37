"""How a patient confirms what they do: by a code, by papers, by who speaks for them; added, renamed, ended."""
