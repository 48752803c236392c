# Predictive MIC (Terluin 2015, 2017, 2022) from glm. Reads anchor_data.csv (see anchor.R), writes predictive_mic.csv.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
data <- read.csv(file.path(here, "anchor_data.csv"))
con <- file(file.path(here, "predictive_mic.csv"), "w")
writeLines(paste0("# ", R.version.string), con); writeLines("case,key,value", con)
for (case in c("strong", "weak", "coarse")) {
  d <- data[data$case == case, ]
  x <- d$improvement / 10; y <- as.numeric(d$anchor >= 2)
  fit <- glm(y ~ x, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100))
  q <- mean(y); l <- log(q / (1 - q)); rho <- cor(x, y); s <- sd(x)
  mic <- unname((l - coef(fit)[1]) / coef(fit)[2])
  values <- c(slope = unname(coef(fit)[2]), share = q, rho = rho, mic = mic, adjusted = mic - (0.090 + 0.103 * rho) * s * l,
              by_reliability = mic - (0.8 / 0.7 - 0.5) * s * rho * l)
  writeLines(sprintf("%s,%s,%.15g", case, names(values), values), con)
}
close(con)
