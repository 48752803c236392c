# Every index of every EQ-5D-3L value set, in exact decimals, derived from the coefficients alone.
#
# Run from the root of the project:  Rscript tests/golden/eq5d/derive.R
# Reads lib/catalog/data/eq5d3l_value_sets.csv, writes tests/golden/eq5d/indices.csv.gz (set, state, index).
#
# An independent reading of the data file and of the literature (Szende 2007, Shaw 2005, Augustovski 2009, Zarate 2011,
# Viney 2011), not a port of the Python: each state is a data frame row, each term a column, each additive set a
# matrix product in whole counts of 1e-7 (doubles hold whole numbers exactly up to 2^53); the multiplicative set is
# multiplied out digit by digit.

SCALE <- 7L
data <- read.csv("lib/catalog/data/eq5d3l_value_sets.csv", colClasses = "character")
data$set <- paste(data$type, data$country)

# "−0.1279" -> -1279000: the digits as a whole number, no binary fraction on the way
whole <- function(text) {
  sign <- ifelse(startsWith(text, "-"), -1, 1)
  digits <- sub("^-", "", text)
  parts <- strsplit(digits, ".", fixed = TRUE)
  vapply(parts, function(p) {
    fraction <- if (length(p) > 1) p[2] else ""
    stopifnot(nchar(fraction) <= SCALE)
    as.numeric(paste0(p[1], fraction, strrep("0", SCALE - nchar(fraction))))
  }, numeric(1)) * sign
}

# whole counts -> decimal text without trailing zeros
decimal <- function(n, places = SCALE) {
  body <- formatC(abs(n), width = places + 1, flag = "0", format = "d", big.mark = "")
  text <- paste0(substr(body, 1, nchar(body) - places), ".", substr(body, nchar(body) - places + 1, nchar(body)))
  text <- sub("\\.?0+$", "", text)
  ifelse(n < 0, paste0("-", text), text)
}

states <- expand.grid(AD = 1:3, PD = 1:3, UA = 1:3, SC = 1:3, MO = 1:3)[, c("MO", "SC", "UA", "PD", "AD")]
names5 <- apply(states, 1, paste, collapse = "")

# how many dimensions are at 2, at 3
at2 <- rowSums(states == 2)
at3 <- rowSums(states == 3)
beyond_first <- function(k) pmax(k - 1, 0)

terms <- data.frame(
  FullHealth = rep(1, nrow(states)),
  AtLeastOne2Or3 = names5 != "11111",
  AtLeastOne3 = grepl("3", names5),
  C2square = at2 * at2,
  C3square = at3 * at3,
  D1 = beyond_first(at2 + at3),
  I2 = beyond_first(at2),
  I2square = beyond_first(at2)^2,
  I3 = beyond_first(at3),
  I3square = beyond_first(at3)^2,
  O2 = grepl("^[12]*$", names5) & grepl("2", names5),
  O3 = grepl("^[13]*$", names5) & grepl("3", names5),
  X5 = grepl("^[23]{5}$", names5),
  Z2 = grepl("2", names5) & grepl("3", names5),
  Z3 = ifelse(grepl("3", names5), at2, 0)
)
for (d in names(states)) for (level in 2:3) terms[[paste0(d, level)]] <- states[[d]] == level
for (pair in grep("^[A-Z]{2}[23][A-Z]{2}[23]$", unique(data$parameter), value = TRUE)) {
  terms[[pair]] <- terms[[substr(pair, 1, 3)]] & terms[[substr(pair, 4, 6)]]
}
terms[] <- lapply(terms, as.numeric)

# product of factors given as "0.9256": digits multiplied by hand, lowest digit first, then half up to six decimals
times <- function(a, b) {
  out <- numeric(length(a) + length(b) + 1)
  for (i in seq_along(a)) for (j in seq_along(b)) out[i + j - 1] <- out[i + j - 1] + a[i] * b[j]
  for (k in seq_len(length(out) - 1)) {
    out[k + 1] <- out[k + 1] + out[k] %/% 10
    out[k] <- out[k] %% 10
  }
  out
}
multiplied <- function(factors) {
  digits <- 1
  decimals <- 0
  for (f in factors) {
    fraction <- if (grepl(".", f, fixed = TRUE)) sub("^[0-9]*\\.", "", f) else ""
    decimals <- decimals + nchar(fraction)
    digits <- times(digits, rev(as.numeric(strsplit(sub(".", "", f, fixed = TRUE), "")[[1]])))
  }
  while (decimals < 6) {
    digits <- c(0, digits)
    decimals <- decimals + 1
  }
  up <- if (decimals > 6) digits[decimals - 6] >= 5 else FALSE
  kept <- digits[seq(decimals - 5, length(digits))]
  sum(kept * 10^(seq_along(kept) - 1)) + up
}

lines <- "set,state,index"
for (set in unique(data$set)) {
  rows <- data[data$set == set, ]
  fixed <- rows[startsWith(rows$parameter, "STATE_"), ]
  model <- rows[!startsWith(rows$parameter, "STATE_"), ]
  stopifnot(!anyDuplicated(rows$parameter), model$parameter %in% names(terms))
  design <- as.matrix(terms[, model$parameter])
  if (any(model$model == "multiplicative")) {
    six <- apply(design, 1, function(row) multiplied(model$coefficient[row == 1]))
    index <- decimal(six, 6L)
  } else {
    counts <- drop(design %*% whole(model$coefficient))
    stopifnot(counts == round(counts))
    index <- decimal(counts)
  }
  if (nrow(fixed)) {
    where <- match(sub("STATE_", "", fixed$parameter), names5)
    stopifnot(!is.na(where))
    index[where] <- decimal(whole(fixed$coefficient))
  }
  lines <- c(lines, paste(set, names5, index, sep = ","))
}
out <- gzfile("tests/golden/eq5d/indices.csv.gz", "wb", compression = 9)
writeLines(lines, out)
close(out)
cat(length(lines) - 1, "indices of", length(unique(data$set)), "sets\n")
