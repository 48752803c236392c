# Unstructured covariance: nlme::gls (corSymm, varIdent), AIC of the registry's back pain against the random intercept;
# Kenward-Roger by dense matrices, the function first checked against pbkrtest on a random intercept.
# Reads mixed_data.csv and sample_data/registry.csv, writes mmrm.csv. Run: Rscript tests/golden/models/mmrm.R
suppressMessages({library(nlme); library(lme4); library(pbkrtest)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
out <- data.frame(case = character(0), key = character(0), value = numeric(0))
add <- function(case, key, value) out[nrow(out) + 1, ] <<- list(case, key, value)

# Adjusted covariance, df and scaled F of L beta = 0; V linear in its parameters, `parts` the derivatives, all dense.
kr <- function(x, v, parts, beta, l) {
  w <- solve(v); phi <- solve(t(x) %*% w %*% x); k <- length(parts)
  p <- w - w %*% x %*% phi %*% t(x) %*% w
  info <- matrix(0, k, k)
  for (i in 1:k) for (j in 1:k) info[i, j] <- sum(diag(p %*% parts[[i]] %*% p %*% parts[[j]])) / 2
  omega <- solve(info)
  slope <- lapply(parts, function(d) -t(x) %*% w %*% d %*% w %*% x)
  lambda <- 0 * phi
  for (i in 1:k) for (j in 1:k) lambda <- lambda + omega[i, j] *
    (t(x) %*% w %*% parts[[i]] %*% w %*% parts[[j]] %*% w %*% x - slope[[i]] %*% phi %*% slope[[j]])
  adjusted <- phi + 2 * phi %*% lambda %*% phi
  q <- nrow(l); theta <- t(l) %*% solve(l %*% phi %*% t(l)) %*% l
  a1 <- 0; a2 <- 0; tp <- lapply(slope, function(s) theta %*% phi %*% s %*% phi)
  for (i in 1:k) for (j in 1:k) {
    a1 <- a1 + omega[i, j] * sum(diag(tp[[i]])) * sum(diag(tp[[j]]))
    a2 <- a2 + omega[i, j] * sum(diag(tp[[i]] %*% tp[[j]]))
  }
  b <- (a1 + 6 * a2) / (2 * q); g <- ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
  d <- 3 * q + 2 * (1 - g); c1 <- g / d; c2 <- (q - g) / d; c3 <- (q + 2 - g) / d
  e <- 1 / (1 - a2 / q); vs <- (2 / q) * (1 + c1 * b) / ((1 - c2 * b)^2 * (1 - c3 * b)); rho <- vs / (2 * e^2)
  m <- 4 + (q + 2) / (q * rho - 1)
  est <- l %*% beta
  list(se = sqrt(diag(l %*% adjusted %*% t(l))), df = m,
       f = as.numeric(m / (e * (m - 2)) / q * t(est) %*% solve(l %*% adjusted %*% t(l)) %*% est))
}

all <- read.csv(file.path(here, "mixed_data.csv"))
# The function against pbkrtest.
d <- all[all$case == "one_group_gaps", ]; d$o <- factor(d$occasion)
big <- lmer(y ~ o + (1 | patient), d, REML = TRUE); small <- lmer(y ~ 1 + (1 | patient), d, REML = TRUE)
their <- getKR(KRmodcomp(big, small), "ddf"); vc <- as.data.frame(VarCorr(big))$vcov
z <- outer(d$patient, d$patient, "==") * 1
own <- kr(getME(big, "X"), vc[1] * z + vc[2] * diag(nrow(d)), list(z, diag(nrow(d))), fixef(big), cbind(0, diag(2)))
add("check", "pbkrtest df", their); add("check", "own df", own$df)
add("check", "pbkrtest F", getKR(KRmodcomp(big, small), "Fstat")); add("check", "own F", own$f)

for (case in c("one_group_gaps", "two_groups_gaps", "three_groups_full")) {
  d <- all[all$case == case, ]; t <- max(d$occasion) + 1; g <- max(d$group) + 1
  d <- d[order(d$patient, d$occasion), ]
  d$cell <- factor(d$group * t + d$occasion); d$o1 <- d$occasion + 1; d$o <- factor(d$occasion)
  fit <- gls(y ~ cell - 1, d, correlation = corSymm(form = ~ o1 | patient), weights = varIdent(form = ~ 1 | o),
             method = "REML", control = glsControl(tolerance = 1e-10, msTol = 1e-12, maxIter = 500, msMaxIter = 500))
  sds <- fit$sigma * coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)[as.character(0:(t - 1))]
  low <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)
  r <- diag(t); r[lower.tri(r)] <- low; r <- r + t(r) - diag(t)
  sigma <- diag(sds) %*% r %*% diag(sds)
  add(case, "logLik", as.numeric(logLik(fit))); add(case, "AIC", AIC(fit))
  for (i in 1:t) for (j in i:t) add(case, paste("sigma", i - 1, j - 1), sigma[i, j])
  for (k in seq_along(coef(fit))) add(case, paste("mean", k - 1), coef(fit)[k])
  n <- nrow(d); same <- outer(d$patient, d$patient, "==")
  v <- sigma[d$o1, d$o1] * same
  parts <- list()
  for (i in 1:t) for (j in i:t) {
    u <- matrix(0, t, t); u[i, j] <- u[j, i] <- 1; parts[[length(parts) + 1]] <- u[d$o1, d$o1] * same
  }
  x <- model.matrix(~ cell - 1, d); beta <- coef(fit)
  change <- function(group, o) { l <- rep(0, t * g); l[group * t + o + 1] <- 1; l[group * t + 1] <- -1; l }
  for (gr in 0:(g - 1)) for (o in 1:(t - 1)) {
    one <- kr(x, v, parts, beta, rbind(change(gr, o)))
    add(case, paste("se", gr, o), one$se); add(case, paste("df", gr, o), one$df)
  }
  l <- t(sapply(1:(t - 1), function(o) rowMeans(sapply(0:(g - 1), change, o = o))))
  test <- kr(x, v, parts, beta, l); add(case, "time F", test$f); add(case, "time df", test$df)
  if (g > 1) {
    l <- NULL
    for (o in 1:(t - 1)) for (gr in 1:(g - 1)) l <- rbind(l, change(gr, o) - change(0, o))
    test <- kr(x, v, parts, beta, l); add(case, "apart F", test$f); add(case, "apart df", test$df)
  }
}
reg <- read.csv("sample_data/registry.csv")
d <- do.call(rbind, lapply(1:4, function(k) data.frame(patient = reg$patient_id, o1 = k,
  y = reg[[paste0("vas_back_", c("pre", "3m", "12m", "24m")[k])]])))
d <- d[!is.na(d$y), ]; d <- d[order(d$patient, d$o1), ]; d$o <- factor(d$o1)
fit <- gls(y ~ o, d, correlation = corSymm(form = ~ o1 | patient), weights = varIdent(form = ~ 1 | o), method = "REML")
add("registry", "AIC", AIC(fit)); add("registry", "se 12m", sqrt(vcov(fit)[3, 3]))
simple <- lme(y ~ o, random = ~ 1 | patient, d, method = "REML")
add("registry", "AIC random intercept", AIC(simple)); add("registry", "se 12m random intercept", sqrt(vcov(simple)[3, 3]))
con <- file(file.path(here, "mmrm.csv"), "w")
writeLines(paste0("# ", R.version.string, "; nlme ", packageVersion("nlme"), "; pbkrtest ", packageVersion("pbkrtest")), con)
writeLines("case,key,value", con)
writeLines(sprintf("%s,%s,%.15g", out$case, out$key, out$value), con)
close(con)
