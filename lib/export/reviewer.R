# Computes the numbers of numbers.csv again from data.csv and prints them beside ours. Base R alone: Rscript recompute.R
data <- read.csv("data.csv", check.names = FALSE)
ours <- read.csv("numbers.csv", check.names = FALSE)

signed_rank_p <- function(d) {
  d <- round(d[d != 0], 9)
  ranks <- rank(abs(d))
  if (length(d) > 50) return(suppressWarnings(wilcox.test(d, exact = FALSE, correct = FALSE)$p.value))
  # exact with ties: every pattern of signs is equally likely; ranks are doubled so that they are whole
  doubled <- round(2 * ranks)
  ways <- c(1, rep(0, sum(doubled)))
  for (r in doubled) ways <- ways + c(rep(0, r), ways[seq_len(length(ways) - r)])
  plus <- sum(doubled[d > 0])
  total <- sum(doubled)
  sums <- 0:total
  sum(ways[abs(2 * sums - total) >= abs(2 * plus - total)]) / sum(ways)
}

# the k-th smallest and largest Walsh average (Hollander and Wolfe 1999, 3.3), zero differences included
pseudomedian <- function(d, level) {
  n <- length(d)
  if (n > 5000) return(c(NA, NA, NA))
  walsh <- outer(d, d, "+") / 2
  walsh <- sort(walsh[lower.tri(walsh, diag = TRUE)])
  tail <- (1 - level) / 2
  k <- if (n <= 50) qsignrank(tail, n) else
    floor(n * (n + 1) / 4 - qnorm(1 - tail) * sqrt(n * (n + 1) * (2 * n + 1) / 24)) + 1
  c(median(walsh), walsh[k], walsh[length(walsh) + 1 - k])
}

share <- function(k, n, name, level) {
  exact <- grepl("exact", name)
  ci <- if (exact) binom.test(k, n, conf.level = level)$conf.int else
    suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE)$conf.int)
  if (grepl("low$", name)) ci[1] else if (grepl("high$", name)) ci[2] else if (grepl(" of$", name)) n else k
}

paired <- function(x, name, level) {
  d <- round(x[[2]] - x[[1]], 9)
  word <- strsplit(name, " ")[[1]]
  if (word[1] == "risen") return(share(sum(d > 0), sum(d != 0), name, level))
  if (word[1] == "Hodges-Lehmann") return(pseudomedian(d, level)[match(word[2], c("estimate", "low", "high"))])
  if (length(word) == 2 && word[2] %in% c("before", "after", "change")) {
    y <- list(before = x[[1]], after = x[[2]], change = d)[[word[2]]]
    q <- function(p) quantile(y, p, names = FALSE)
    return(switch(word[1], mean = mean(y), sd = sd(y), median = median(y), q1 = q(0.25), q3 = q(0.75)))
  }
  switch(name,
    "n" = length(d), "mean estimate" = mean(d), "mean low" = t.test(d, conf.level = level)$conf.int[1],
    "mean high" = t.test(d, conf.level = level)$conf.int[2], "Shapiro p" = shapiro.test(d)$p.value,
    "t p" = t.test(d)$p.value, "signed-rank p" = signed_rank_p(d), "rose" = sum(d > 0), "fell" = sum(d < 0),
    "sign p" = binom.test(sum(d > 0), sum(d != 0))$p.value)
}

responders <- function(x, name, level, word, all_rows) {
  up <- if (word[3] == "up") 1 else -1
  gain <- round((x[[2]] - x[[1]]) * up, 9)
  threshold <- suppressWarnings(as.numeric(word[5]))
  state <- suppressWarnings(as.numeric(word[6]))
  inside <- function(y) if (is.na(state)) rep(TRUE, length(y)) else y * up >= state * up
  judged <- if (word[4] == "percent") x[[1]] > 0 else rep(TRUE, nrow(x))
  least <- if (word[4] == "percent") round(threshold / 100 * x[[1]], 9) else threshold
  if (word[4] == "state") {
    improved <- inside(x[[2]]) & !inside(x[[1]])
    worsened <- inside(x[[1]]) & !inside(x[[2]])
    responds <- inside(x[[2]])
  } else {
    improved <- gain >= least & inside(x[[2]])
    worsened <- -gain >= least & !improved
    responds <- improved
  }
  k <- sum(responds & judged)
  if (grepl("^rate", name)) return(share(k, sum(judged), name, level))
  switch(name, "improved" = sum(improved & judged), "worsened" = sum(worsened & judged), "worst case" = k,
    "patients of both cases" = all_rows)
}

# Newcombe 1998, method 10: paired shares
newcombe <- function(a, b, c, d, level) {
  n <- a + b + c + d
  p1 <- (a + b) / n
  p2 <- (a + c) / n
  ci <- function(k) suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE)$conf.int)
  one <- ci(a + b)
  two <- ci(a + c)
  product <- prod(a + b, c + d, a + c, b + d)
  gap <- prod(a, d) - prod(b, c)
  phi <- if (product == 0) 0 else (if (gap > n / 2) gap - n / 2 else if (gap >= 0) 0 else gap) / sqrt(product)
  low <- (p1 - one[1])^2 - 2 * phi * (p1 - one[1]) * (two[2] - p2) + (two[2] - p2)^2
  high <- (p2 - two[1])^2 - 2 * phi * (p2 - two[1]) * (one[2] - p1) + (one[2] - p1)^2
  c(p2 - p1 - sqrt(high), p2 - p1 + sqrt(low))
}

yes_no <- function(x, name, level) {
  stopped <- sum(x[[1]] == 1 & x[[2]] == 0)
  started <- sum(x[[1]] == 0 & x[[2]] == 1)
  both <- sum(x[[1]] == 1 & x[[2]] == 1)
  if (grepl("^before", name)) return(share(sum(x[[1]]), nrow(x), name, level))
  if (grepl("^after", name)) return(share(sum(x[[2]]), nrow(x), name, level))
  ends <- newcombe(both, stopped, started, nrow(x) - both - stopped - started, level)
  switch(name, "difference" = (started - stopped) / nrow(x), "difference low" = ends[1], "difference high" = ends[2],
    "McNemar p" = binom.test(stopped, stopped + started)$p.value)
}

compute <- function(row) {
  x <- data[strsplit(row$columns, ";")[[1]]]
  word <- strsplit(row$kind, " ")[[1]]
  level <- as.numeric(word[2])
  if (word[1] %in% c("answers", "yes_no")) x <- x[data$counted == 1, , drop = FALSE]
  x <- x[complete.cases(x), , drop = FALSE]
  switch(word[1],
    "paired" = paired(x, row$number, level),
    "responders" = responders(x, row$number, level, word, nrow(data)),
    "answers" = share(sum(x[[1]] %in% as.integer(strsplit(word[3], ",")[[1]])), nrow(x), row$number, level),
    "yes_no" = yes_no(x, row$number, level),
    "events" = if (row$number == "events") sum(x[[1]]) else share(sum(x[[1]] > 0), nrow(x), row$number, level))
}

if (!nrow(ours)) {
  cat("0 of 0 numbers are the same\n")
  quit(status = 0)
}
ours$R <- sapply(seq_len(nrow(ours)), function(i) compute(ours[i, ]))
ours$same <- is.na(ours$R) | abs(ours$ours - ours$R) <= 1e-6 * pmax(1e-3, abs(ours$R))
print(ours, digits = 8, row.names = FALSE)
skipped <- sum(is.na(ours$R))
if (skipped) cat(skipped, "numbers of more than 5000 pairs are left out\n")
cat(sum(ours$same & !is.na(ours$R)), "of", nrow(ours) - skipped, "numbers are the same\n")
if (!all(ours$same)) quit(status = 1)
