"""The session, the URL, the chart and the columns editor: the only room that imports Streamlit."""
