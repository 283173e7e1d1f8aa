"""What a run is and how it is kept: events, their fold, the journal, the library of saved runs."""
