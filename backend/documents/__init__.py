"""Files a person takes away: PDFs and spreadsheets behind signed links."""
