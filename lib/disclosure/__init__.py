"""What readers outside the department may see: a function from results to results, before any word is made."""
