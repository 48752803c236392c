"""What readers outside the department may see: functions from results to results, before any word is made of them."""
