"""What people see: records in, figures and pages out. No query lives here."""
