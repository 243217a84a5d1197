"""Authorization: promises that we made links for, and the grants that come back by redirect and by push."""
