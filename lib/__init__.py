"""CohortLens: the analysis behind the screens. Only lib/ui knows Streamlit."""
