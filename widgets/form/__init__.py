"""The form: one widget that draws and edits the fields of any kind of record, fed by plain values."""
