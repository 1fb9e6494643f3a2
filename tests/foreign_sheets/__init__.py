"""Made-up sheets in many languages, with what each column is, and how well `importer suggest` finds it out."""
