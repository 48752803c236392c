# What if the missing differ: mice, Rubin's rules, weighting. From the top folder: Rscript tests/golden/missing/missing.R
# Writes data.csv (invented patients) and expected.csv.
suppressMessages(library(mice))
RNGversion("4.2.0")
set.seed(20261130)
n <- 300
age <- round(rnorm(n, 50, 12))
sex <- factor(sample(c("Female", "Male"), n, TRUE, c(0.7, 0.3)))
before <- pmin(100, pmax(0, round(rnorm(n, 48, 12))))
after <- pmin(100, pmax(0, round(12 + 0.45 * before - 0.1 * (age - 50) + 4 * (sex == "Male") + rnorm(n, 0, 13))))
lost <- runif(n) < plogis(-1.2 - 0.04 * (age - 50) + 0.03 * (before - 48) + 0.5 * (sex == "Male"))
before_seen <- ifelse(runif(n) < 0.06, NA, before)
after_seen <- ifelse(lost, NA, after)
age_seen <- ifelse(runif(n) < 0.04, NA, age)
data <- data.frame(before = before_seen, after = after_seen, age = age_seen, sex = sex)
write.csv(data, "tests/golden/missing/data.csv", row.names = FALSE, na = "")

out <- data.frame(key = character(0), value = numeric(0))
add <- function(key, value) out[nrow(out) + 1, ] <<- list(key, value)

# Chained equations: improvement = before − after; responder: improvement ≥ 15.
for (method in c("norm", "pmm")) {
  m <- 100
  found <- mice(data, m = m, maxit = 5, method = ifelse(colSums(is.na(data)) > 0, method, ""), seed = 1, printFlag = FALSE)
  whole <- complete(found, "all")
  if (method == "norm") {
    q <- sapply(whole, function(d) mean(d$before - d$after))
    u <- sapply(whole, function(d) var(d$before - d$after) / n)
  } else {
    q <- sapply(whole, function(d) mean(d$before - d$after >= 15))
    u <- q * (1 - q) / n
  }
  pooled <- pool.scalar(q, u, n = n, k = 1)
  add(paste0(method, ":estimate"), pooled$qbar)
  add(paste0(method, ":se"), sqrt(pooled$t))
  add(paste0(method, ":between"), pooled$b)
  add(paste0(method, ":fmi"), pooled$fmi)
  add(paste0(method, ":draws"), m)
}
# Only the follow-up missing: one pass.
single <- data[!is.na(data$before) & !is.na(data$age), ]
found <- mice(single, m = 200, maxit = 1, method = c("", "norm", "", ""), seed = 2, printFlag = FALSE)
whole <- complete(found, "all")
q <- sapply(whole, function(d) mean(d$before - d$after))
u <- sapply(whole, function(d) var(d$before - d$after) / nrow(single))
pooled <- pool.scalar(q, u, n = nrow(single), k = 1)
add("single:estimate", pooled$qbar); add("single:se", sqrt(pooled$t)); add("single:between", pooled$b); add("single:draws", 200)

# Rubin, Barnard–Rubin on given numbers.
q <- c(16.1, 16.9, 15.8, 17.2, 16.4); u <- c(0.81, 0.79, 0.85, 0.8, 0.83)
pooled <- pool.scalar(q, u, n = 120, k = 1)
add("rubin:qbar", pooled$qbar); add("rubin:t", pooled$t); add("rubin:df", pooled$df); add("rubin:fmi", pooled$fmi)
add("rubin:low", pooled$qbar - qt(0.975, pooled$df) * sqrt(pooled$t))

# Wilson for imputed data (Lott & Reiter 2020), the quadratic solved by uniroot on (q − p)² = c·p(1 − p).
q <- c(0.52, 0.55, 0.49, 0.53, 0.51); size <- 120; qbar <- mean(q)
within <- qbar * (1 - qbar) / size
between <- var(q); total <- within + (1 + 1 / 5) * between
lambda <- (1 + 1 / 5) * between / total
old <- 4 / lambda^2; com <- size - 1; obs <- (com + 1) / (com + 3) * com * (1 - lambda)
df <- old * obs / (old + obs)
c2 <- qt(0.975, df)^2 * (total / within) / size
f <- function(p) (qbar - p)^2 - c2 * p * (1 - p)
add("wilson:low", uniroot(f, c(0, qbar), tol = 1e-15)$root)
add("wilson:high", uniroot(f, c(qbar, 1), tol = 1e-15)$root)

# Inverse probability weights: all who have before and age; the stacked sandwich as one block matrix.
d <- data[!is.na(data$before) & !is.na(data$age), ]
d$r <- as.numeric(!is.na(d$after))
model <- glm(r ~ before + age + sex, family = binomial, data = d, control = glm.control(epsilon = 1e-14, maxit = 100))
p <- fitted(model); x <- model.matrix(model); w <- d$r / p
for (kind in c("mean", "share")) {
  y <- d$before - d$after
  if (kind == "share") y <- as.numeric(y >= 15)
  y[is.na(y)] <- 0
  mu <- sum(w * y) / sum(w)
  psi <- cbind(x * (d$r - p), w * (y - mu))
  k <- ncol(x)
  bread <- matrix(0, k + 1, k + 1)
  bread[1:k, 1:k] <- crossprod(x, x * p * (1 - p))
  bread[k + 1, 1:k] <- colSums(x * w * (1 - p) * (y - mu))
  bread[k + 1, k + 1] <- sum(w)
  inverse <- solve(bread)
  v <- (inverse %*% crossprod(psi) %*% t(inverse))[k + 1, k + 1]
  answered <- sum(d$r)
  add(paste0("ipw:", kind), mu)
  add(paste0("ipw:", kind, ":se"), sqrt(v * answered / (answered - k)))
  add(paste0("ipw:", kind, ":df"), answered - k)
}
add("ipw:effective", sum(w)^2 / sum(w^2)); add("ipw:largest", max(w))
con <- file("tests/golden/missing/expected.csv", "w")
writeLines(paste0("# ", R.version.string, "; mice ", packageVersion("mice")), con)
writeLines("key,value", con)
writeLines(sprintf("%s,%.15g", out$key, out$value), con)
close(con)
