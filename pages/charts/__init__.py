"""From results to tables, and from tables to Altair charts. No streamlit, no torch."""
