# Computes the numbers of numbers.csv again from data.csv and prints them beside ours. Base R alone: Rscript recompute.R
data <- read.csv("data.csv", check.names = FALSE)
ours <- read.csv("numbers.csv", check.names = FALSE, colClasses = c(ours = "numeric"), na.strings = "")

# the patients of a condition: "selected;about_center=2"; without "=" the column is 1
of_whom <- function(where) {
  inside <- rep(TRUE, nrow(data))
  if (is.na(where)) return(inside)
  for (part in strsplit(where, ";")[[1]]) {
    asked <- strsplit(part, "=")[[1]]
    inside <- inside & data[[asked[1]]] %in% (if (length(asked) > 1) as.numeric(asked[2]) else 1)
  }
  inside
}

wilson <- function(k, n, level) {
  z <- qnorm((1 + level) / 2)
  middle <- (k + z^2 / 2) / (n + z^2)
  half <- z * sqrt(k * (n - k) / n + z^2 / 4) / (n + z^2)
  c(max(0, middle - half), min(1, middle + half))
}

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
averages <- list(of = NULL)
pseudomedian <- function(d, level) {
  n <- length(d)
  if (n > 5000) return(c(NA, NA, NA))
  if (!identical(d, averages$of)) {
    walsh <- outer(d, d, "+") / 2
    averages <<- list(of = d, sorted = sort(walsh[lower.tri(walsh, diag = TRUE)]))
  }
  walsh <- averages$sorted
  tail <- (1 - level) / 2
  k <- if (n <= 50) qsignrank(tail, n) else
    floor(n * (n + 1) / 4 - qnorm(1 - tail) * sqrt(n * (n + 1) * (2 * n + 1) / 24)) + 1
  c(median(walsh), walsh[k], walsh[length(walsh) + 1 - k])
}

share <- function(k, n, name, level) {
  exact <- grepl("exact", name)
  ci <- if (exact) binom.test(k, n, conf.level = level)$conf.int else wilson(k, n, level)
  if (grepl("low$", name)) ci[1] else if (grepl("high$", name)) ci[2] else if (grepl(" of$", name)) n else k
}

# Hedges' exact correction for small samples
small <- function(m) exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2)

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
  if (word[1] == "effect") return(mean(d) / switch(word[2], "d_z" = sd(d), "g_z" = sd(d) / small(length(d) - 1),
    "d_av" = sqrt((var(x[[1]]) + var(x[[2]])) / 2), "Glass" = sd(x[[1]]), NA))
  switch(name,
    "n" = length(d), "t statistic" = unname(t.test(d)$statistic), "mean estimate" = mean(d), "mean low" = t.test(d, conf.level = level)$conf.int[1],
    "mean high" = t.test(d, conf.level = level)$conf.int[2], "Shapiro p" = shapiro.test(d)$p.value,
    "t p" = t.test(d)$p.value, "signed-rank p" = signed_rank_p(d), "rose" = sum(d > 0), "fell" = sum(d < 0),
    "sign p" = binom.test(sum(d > 0), sum(d != 0))$p.value)
}

# who met a rule: one row per patient with both scores; NA where the rule cannot judge
judge <- function(x, word) {
  up <- if (word[1] == "up") 1 else -1
  gain <- round((x[[2]] - x[[1]]) * up, 9)
  threshold <- suppressWarnings(as.numeric(word[3]))
  state <- suppressWarnings(as.numeric(word[4]))
  inside <- function(y) if (is.na(state)) rep(TRUE, length(y)) else y * up >= state * up
  least <- if (word[2] == "percent") round(threshold / 100 * x[[1]], 9) else threshold
  if (word[2] == "state") {
    improved <- inside(x[[2]]) & !inside(x[[1]])
    worsened <- inside(x[[1]]) & !inside(x[[2]])
    responds <- inside(x[[2]])
  } else {
    improved <- if (word[2] == "reliable") gain > least & inside(x[[2]]) else gain >= least & inside(x[[2]])
    worsened <- (if (word[2] == "reliable") -gain > least else -gain >= least) & !improved
    responds <- improved
  }
  judged <- if (word[2] == "percent") x[[1]] > 0 else rep(TRUE, nrow(x))
  data.frame(improved = improved & judged, worsened = worsened & judged, responds = responds & judged, judged = judged)
}

responders <- function(x, name, level, word, all_rows) {
  met <- judge(x, word)
  if (grepl("^rate", name)) return(share(sum(met$responds), sum(met$judged), name, level))
  switch(name, "improved" = sum(met$improved), "worsened" = sum(met$worsened), "worst case" = sum(met$responds),
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
  least <- min(stopped, started)
  moved <- stopped + started
  switch(name, "stopped" = stopped, "started" = started, "difference" = (started - stopped) / nrow(x),
    "difference low" = ends[1], "difference high" = ends[2], "McNemar p" = binom.test(stopped, moved)$p.value,
    "mid-p" = if (stopped == started) 1 - dbinom(least, moved, 0.5) / 2 else
      2 * pbinom(least, moved, 0.5) - dbinom(least, moved, 0.5))
}

answered <- function(y, name, level, levels) {
  if (name == "median answer low") return(sort(y)[(length(y) + 1) %/% 2])
  if (name == "median answer high") return(sort(y)[length(y) %/% 2 + 1])
  share(sum(y %in% levels), length(y), name, level)
}

describe <- function(y, name) {
  q <- function(p) quantile(y, p, names = FALSE)
  switch(name, n = length(y), mean = mean(y), sd = sd(y), median = median(y), q1 = q(0.25), q3 = q(0.75),
    shortest = min(y), longest = max(y))
}

# Korn and Graubard 1998: operations of one patient are alike
operations <- function(x, name, level) {
  e <- pmin(x[[1]], 1)
  m <- x[[2]]
  K <- length(e)
  M <- sum(m)
  if (name == "operations") return(M)
  if (name == "with an event") return(sum(e))
  p <- sum(e) / M
  if (p == 0 || p == 1) return(binom.test(p * K, K, conf.level = level)$conf.int[if (grepl("low$", name)) 1 else 2])
  v <- K / (K - 1) * sum((e - p * m)^2) / M^2
  tail <- (1 - level) / 2
  n <- if (v > 0) min(M, p * (1 - p) / v * (qt(tail, M - 1) / qt(tail, K - 1))^2) else M
  if (grepl("low$", name)) qbeta(tail, p * n, n - p * n + 1) else qbeta(1 - tail, p * n + 1, n - p * n)
}

# EQ-5D: ten columns, each dimension before and after

signs_p <- function(d) {
  moved <- abs(d[d != 0])
  if (length(moved) > 50) return(2 * pnorm(-abs(sum(d)) / sqrt(sum(d^2))))
  ways <- c(1, rep(0, sum(moved)))
  for (r in moved) ways <- ways + c(rep(0, r), ways[seq_len(length(ways) - r)])
  sums <- 0:sum(moved)
  sum(ways[abs(2 * sums - sum(moved)) >= abs(sum(d))]) / sum(ways)
}

of_dimension <- function(x, k) {
  before <- x[[2 * k + 1]]
  after <- x[[2 * k + 2]]
  list(before = before, after = after, d = after - before,
    problems = data.frame(as.integer(before > 1), as.integer(after > 1)))
}

dimension <- function(x, name, level, k) {
  own <- of_dimension(x, k)
  holm <- function(p_of) {
    p <- sapply(0:4, function(j) tryCatch(p_of(of_dimension(x, j)), error = function(e) NA))
    p.adjust(p, "holm")[k + 1]
  }
  mcnemar <- function(o) yes_no(o$problems, "McNemar p", level)
  switch(name, n = nrow(x), better = sum(own$d < 0), same = sum(own$d == 0), worse = sum(own$d > 0),
    problems_before = sum(own$before > 1), problems_after = sum(own$after > 1),
    z = sum(own$d) / sqrt(sum(own$d^2)), "homogeneity p" = signs_p(own$d),
    "homogeneity Holm" = holm(function(o) if (all(o$d == 0)) NA else signs_p(o$d)), "McNemar Holm" = holm(mcnemar),
    yes_no(own$problems, name, level))
}

classes <- function(x, name) {
  before <- as.matrix(x[seq(1, 9, 2)])
  after <- as.matrix(x[seq(2, 10, 2)])
  better <- rowSums(after < before) > 0
  worse <- rowSums(after > before) > 0
  best <- rowSums(before) == 5
  sum(switch(name, n = rep(TRUE, nrow(x)), better = better & !worse, worse = worse & !better, mixed = better & worse,
    no_problems = !better & !worse & best, same_with_problems = !better & !worse & !best))
}

# between groups: the last columns say who is in which group

rank_sum_p <- function(a, b) {
  if (length(a) + length(b) > 50) return(suppressWarnings(wilcox.test(b, a, exact = FALSE, correct = FALSE)$p.value))
  ranks <- round(2 * rank(c(a, b)))
  ways <- matrix(0, length(b) + 1, sum(ranks) + 1)  # how many choose so many patients with such a sum
  ways[1, 1] <- 1
  for (r in ranks) for (k in length(b):1) {
    moved <- seq_len(ncol(ways) - r)
    ways[k + 1, moved + r] <- ways[k + 1, moved + r] + ways[k, moved]
  }
  last <- ways[length(b) + 1, ]
  expected <- length(b) * (length(a) + length(b) + 1)
  sum(last[abs(seq_along(last) - 1 - expected) >= abs(sum(ranks[-seq_along(a)]) - expected)]) / sum(last)
}

shares_p <- function(counts) {
  counts <- counts[rowSums(counts) > 0, colSums(counts) > 0, drop = FALSE]
  expected <- outer(rowSums(counts), colSums(counts)) / sum(counts)
  if (min(expected) >= 5) return(suppressWarnings(chisq.test(counts, correct = FALSE)$p.value))
  fisher.test(counts, workspace = 2e7)$p.value
}

two_shares <- function(first, second, level) {
  p <- c(first[1] / first[2], second[1] / second[2])
  one <- wilson(first[1], first[2], level)
  two <- wilson(second[1], second[2], level)
  d <- p[2] - p[1]
  c(d, d - sqrt((p[2] - two[1])^2 + (one[2] - p[1])^2), d + sqrt((two[2] - p[2])^2 + (p[1] - one[1])^2))
}

pairs_mean <- function(groups, distance) {
  found <- combn(length(groups), 2, function(k) distance(groups[[k[1]]], groups[[k[2]]]))
  mean(found)
}

balance <- function(x, name, word) {
  y <- x[[1]]
  groups <- lapply(x[-1], function(inside) y[inside == 1 & !is.na(y)])
  if (word == "number" && name == "SMD")
    return(pairs_mean(groups, function(a, b) abs(mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)))
  if (name == "SMD") {
    shares <- lapply(groups, function(g) tabulate(g + 1, as.integer(word)) / length(g))
    return(pairs_mean(shares, function(p, q) {
      s <- eigen((diag(p) - outer(p, p) + diag(q) - outer(q, q)) / 2, symmetric = TRUE)
      filled <- s$values > 1e-9
      sqrt(sum((crossprod(s$vectors, p - q)[filled])^2 / s$values[filled]))
    }))
  }
  all <- unlist(groups)
  of <- rep(seq_along(groups), lengths(groups))
  filled <- groups[lengths(groups) > 0]
  switch(name,
    "Welch t test" = t.test(filled[[2]], filled[[1]])$p.value, "Welch ANOVA" = oneway.test(all ~ factor(of))$p.value,
    "Mann–Whitney test" = rank_sum_p(filled[[1]], filled[[2]]),
    "Kruskal–Wallis test" = if (length(all) > 50) kruskal.test(all, factor(of))$p.value else NA,
    shares_p(t(sapply(groups, function(g) tabulate(g + 1, as.integer(word))))))
}

# least squares with HC2 errors and the degrees of freedom of Bell and McCaffrey for each contrast
robust <- function(X, y) {
  C <- solve(crossprod(X))
  b <- C %*% crossprod(X, y)
  list(X = X, C = C, b = b, r = c(y - X %*% b), h = rowSums((X %*% C) * X))
}

contrast <- function(fit, l, level) {
  a <- c(fit$X %*% fit$C %*% l)
  g <- a^2 / (1 - fit$h)
  inner <- fit$C %*% crossprod(fit$X * g, fit$X)
  df <- sum(a^2)^2 / (sum(g^2 * (1 - 2 * fit$h)) + sum(diag(inner %*% inner)))
  error <- sqrt(sum(g * fit$r^2))
  value <- sum(l * fit$b)
  list(value = value, ends = value + c(-1, 1) * qt((1 + level) / 2, df) * error, p = 2 * pt(-abs(value / error), df))
}

wald_p <- function(fit, L) {
  V <- fit$C %*% crossprod(fit$X * (fit$r / (1 - fit$h))^2, fit$X) %*% fit$C
  f <- c(t(L %*% fit$b) %*% solve(L %*% V %*% t(L)) %*% (L %*% fit$b)) / nrow(L)
  pf(f, nrow(L), nrow(fit$X) - ncol(fit$X), lower.tail = FALSE)
}

set_against <- function(word, means, n) {
  second <- as.integer(word[2]) + 1
  means[second, ] - (if (word[1] == "average") colSums(means * n) / sum(n) else means[as.integer(word[1]) + 1, ])
}

one_of <- function(name, value, ends, p) {
  switch(name, "difference" = value, "difference low" = ends[1], "difference high" = ends[2], "p" = p)
}

between_scores <- function(x, name, level, word, lines) {
  inside <- as.matrix(x[-(1:2)])
  x <- x[rowSums(inside) > 0, ]
  inside <- inside[rowSums(inside) > 0, , drop = FALSE]
  groups <- ncol(inside)
  center <- mean(x[[1]])
  n <- colSums(inside)
  fit <- robust(cbind(inside, x[[1]] - center), x[[2]])
  own <- robust(cbind(inside, inside * (x[[1]] - center)), x[[2]])
  unit <- diag(ncol(fit$X))
  each <- diag(ncol(own$X))
  if (lines) {
    at <- as.numeric(word[3]) - center
    found <- contrast(own, set_against(word, each[1:groups, ] + at * each[groups + 1:groups, ], n), level)
    return(one_of(name, found$value, found$ends, found$p))
  }
  equal <- function(L) L[-1, , drop = FALSE] - L[rep(1, groups - 1), , drop = FALSE]
  if (name == "slope") return(fit$b[groups + 1])
  if (name == "residual SD") return(sqrt(sum(fit$r^2) / (nrow(x) - groups - 1)))
  if (name == "groups F p") return(wald_p(fit, equal(unit[1:groups, , drop = FALSE])))
  if (name == "slopes F p") return(wald_p(own, equal(each[groups + 1:groups, , drop = FALSE])))
  m <- as.numeric(word[3])
  found <- contrast(fit, set_against(word, unit[1:groups, , drop = FALSE], n), level^(1 / m))
  one_of(name, found$value, found$ends, 1 - (1 - found$p)^m)
}

welch <- function(x, name, level, word) {
  d <- round(x[[2]] - x[[1]], 9)
  inside <- as.matrix(x[-(1:2)]) == 1
  own <- inside[, as.integer(word[2]) + 1]
  other <- if (word[1] == "average") rowSums(inside) > 0 & !own else inside[, as.integer(word[1]) + 1]
  m <- as.numeric(word[3])
  found <- t.test(d[own], d[other], conf.level = level^(1 / m))
  part <- if (word[1] == "average") sum(other) / (sum(other) + sum(own)) else 1
  one_of(name, part * (mean(d[own]) - mean(d[other])), part * found$conf.int, 1 - (1 - found$p.value)^m)
}

rates <- function(x, name, level, word) {
  met <- judge(x, word[1:4])
  inside <- as.matrix(x[-(1:2)]) == 1 & met$judged
  k <- colSums(inside & met$responds)
  n <- colSums(inside)
  if (name == "groups p") return(shares_p(cbind(k, n - k)))
  second <- as.integer(word[6]) + 1
  first <- if (word[5] == "average") setdiff(seq_along(k), second) else as.integer(word[5]) + 1
  m <- as.numeric(word[7])
  one <- c(sum(k[first]), sum(n[first]))
  two <- c(k[second], n[second])
  gap <- two_shares(one, two, level^(1 / m))
  if (name == "needed to treat") return(1 / abs(gap[1]))
  part <- if (word[5] == "average") one[2] / (one[2] + two[2]) else 1
  p <- if (name == "p") shares_p(rbind(c(one[1], one[2] - one[1]), c(two[1], two[2] - two[1]))) else NA
  one_of(name, part * gap[1], part * gap[2:3], 1 - (1 - p)^m)
}

# Cliff's delta with the interval of Feng and Cliff 2004
cliff <- function(a, b, level) {
  signs <- sign(outer(b, a, "-"))
  d <- mean(signs)
  n <- c(length(a), length(b))
  s1 <- sum((colMeans(signs) - d)^2) / (n[1] - 1)
  s2 <- sum((rowMeans(signs) - d)^2) / (n[2] - 1)
  s <- ((n[2] - 1) * s1 + (n[1] - 1) * s2 + sum((signs - d)^2) / prod(n - 1)) / prod(n)
  t <- qt((1 + level) / 2, sum(n) - 2)
  half <- t * sqrt(s) * sqrt((1 - d^2)^2 + t^2 * s)
  c(d, (d - d^3 + c(-1, 1) * half) / (1 - d^2 + t^2 * s))
}

statement <- function(x, name, level, word) {
  y <- if (word[1] == "turned") -x[[1]] else x[[1]]
  best <- as.integer(strsplit(word[2], ",")[[1]])
  m <- as.numeric(word[3])
  of <- lapply(x[-(1:2)], function(inside) which(inside == 1 & x[[2]] == 1))
  k <- sapply(of, function(rows) sum(x[[1]][rows] %in% best))
  n <- lengths(of)
  order_p <- function() {
    if (length(of) == 2) return(rank_sum_p(y[of[[1]]], y[of[[2]]]))
    if (sum(n) > 50) kruskal.test(y[unlist(of)], factor(rep(seq_along(of), n)))$p.value else NA
  }
  p <- if (grepl("^order", name)) order_p() else if (grepl("p( corrected)?$", name)) shares_p(cbind(k, n - k)) else NA
  if (grepl("corrected$", name)) return(1 - (1 - p)^m)
  if (grepl(" p$", name)) return(p)
  found <- if (grepl("^Cliff", name)) cliff(y[of[[1]]], y[of[[2]]], level^(1 / m)) else
    two_shares(c(k[1], n[1]), c(k[2], n[2]), level^(1 / m))
  found[if (grepl("low$", name)) 2 else if (grepl("high$", name)) 3 else 1]
}

# time to event: days, and 0 followed until then, 1 the event, 2 died before

survival <- function(x, name, level, day) {
  t <- x[[1]]
  s <- x[[2]]
  years <- sum(t) / 365.25
  events <- sum(s == 1)
  poisson <- function() poisson.test(events, years / 100, conf.level = level)$conf.int
  if (name == "median follow-up") {
    free <- 1
    for (u in sort(unique(t[s == 0]))) {
      free <- free * (1 - sum(t == u & s == 0) / sum(t >= u))
      if (free <= 0.5 + 1e-12) return(u)
    }
    return(NA)
  }
  if (grepl("^per", name)) return(switch(name, "per 100 years" = 100 * events / years,
    "per 100 years low" = poisson()[1], "per 100 years high" = poisson()[2]))
  if (name == "n") return(length(t))
  if (name == "with the event") return(events)
  if (name == "at risk") return(sum(t >= day))
  if (name == "events so far") return(sum(s == 1 & t <= day))
  free <- 1     # of the event alone
  alive <- 1    # of the event and of death
  share <- 0
  spread <- 0
  for (u in sort(unique(t[t <= day & s > 0]))) {
    risk <- sum(t >= u)
    own <- sum(t == u & s == 1)
    share <- share + alive * own / risk
    alive <- alive * (1 - sum(t == u & s > 0) / risk)
    free <- free * (1 - own / risk)
    if (own > 0) spread <- spread + own / (risk * (risk - own))
  }
  if (name == "AJ share") return(share)
  if (name == "KM share") return(1 - free)
  if (free == 1) return(if (name == "KM low") 0 else 1 - ((1 - level) / 2)^(1 / sum(t >= day)))
  reach <- qnorm((1 + level) / 2) * sqrt(spread) / abs(log(free))
  1 - free^exp(if (name == "KM low") -reach else reach)
}

log_rank <- function(x) {
  inside <- as.matrix(x[-(1:2)]) == 1
  t <- x[[1]]
  s <- x[[2]] == 1
  groups <- ncol(inside)
  gap <- rep(0, groups)
  V <- matrix(0, groups, groups)
  for (u in unique(t[s])) {
    risk <- colSums(inside & t >= u)
    d <- colSums(inside & t == u & s)
    n <- sum(risk)
    gap <- gap + d - sum(d) * risk / n
    if (n > 1) V <- V + sum(d) * (n - sum(d)) / (n - 1) * (diag(risk / n) - outer(risk, risk) / n^2)
  }
  one <- seq_len(groups - 1)
  pchisq(c(gap[one] %*% solve(V[one, one]) %*% gap[one]), groups - 1, lower.tail = FALSE)
}

last <- list(key = "")  # numbers of the same patients and columns stand together
patients <- function(row) {
  key <- paste(row$columns, row$where)
  if (last$key != key) {
    x <- data[of_whom(row$where), strsplit(row$columns, ";")[[1]], drop = FALSE]
    whole <- complete.cases(x[!grepl("^in_group_", names(x))])
    last <<- list(key = key, x = x, complete = x[whole, , drop = FALSE])
  }
  last
}

compute <- function(row) {
  if (grepl("^not in R", row$kind)) return(NA)
  found <- patients(row)
  x <- found$x
  all_rows <- nrow(x)
  word <- strsplit(row$kind, " ")[[1]]
  level <- suppressWarnings(as.numeric(word[2]))
  name <- row$number
  if (name == "flow score before") return(sum(!is.na(x[[1]])))
  if (name == "flow baseline") return(sum(!is.na(x[[1]])))
  if (name %in% c("flow operated", "flow due")) return(all_rows)
  x <- found$complete
  switch(word[1],
    "flow" = nrow(x),
    "paired" = paired(x, name, level),
    "responders" = responders(x, name, level, word[-(1:2)], all_rows),
    "curve" = share(sum(round((x[[2]] - x[[1]]) * (if (word[3] == "up") 1 else -1) - as.numeric(word[4]), 9) >= 0),
      nrow(x), name, level),
    "equal" = share(sum(abs(x[[1]] - as.numeric(word[3])) < 1e-9), nrow(x), name, level),
    "answers" = answered(x[[1]], name, level, as.integer(strsplit(word[3], ",")[[1]])),
    "describe" = describe(x[[1]], name),
    "balance" = balance(x, name, word[2]),
    "yes_no" = yes_no(x, name, level),
    "events" = if (name == "events") sum(x[[1]]) else share(sum(x[[1]] > 0), nrow(x), name, level),
    "operations" = operations(x, name, level),
    "dimension" = dimension(x, name, level, as.integer(word[3])),
    "classes" = classes(x, name),
    "ancova" = between_scores(x, name, level, word[-(1:2)], FALSE),
    "lines" = between_scores(x, name, level, word[-(1:2)], TRUE),
    "welch" = welch(x, name, level, word[-(1:2)]),
    "rates" = rates(x, name, level, word[-(1:2)]),
    "statement" = statement(x, name, level, word[-(1:2)]),
    "survival" = survival(x, name, level, as.numeric(word[3])),
    "log-rank" = log_rank(x))
}

if (!nrow(ours)) {
  cat("0 of 0 numbers are the same\n")
  quit(status = 0)
}
ours$R <- sapply(seq_len(nrow(ours)), function(i) as.numeric(compute(ours[i, ]))[1])
left_out <- is.na(ours$R)
ours$same <- left_out | abs(ours$ours - ours$R) <= 1e-6 * pmax(1e-3, abs(ours$R))
options(width = 200, max.print = 10 * nrow(ours))
print(ours[!left_out, ], digits = 8, row.names = FALSE)
reason <- ifelse(grepl("^not in R", ours$kind), sub("^not in R: ", "", ours$kind), "too large for base R")[left_out]
for (why in unique(reason)) cat(sum(reason == why), "not computed again:", why, "\n")
cat(sum(ours$same & !left_out), "of", sum(!left_out), "numbers are the same\n")
if (!all(ours$same)) quit(status = 1)
