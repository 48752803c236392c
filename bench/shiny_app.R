# A bare R Shiny app for bench/others.py: etiology as chips, four plotly charts and one paired t test of the sample.
# Rscript bench/shiny_app.R FILE PORT
suppressPackageStartupMessages({
  library(shiny)
  library(plotly)
})
given <- commandArgs(trailingOnly = TRUE)
patients <- read.csv(given[1])
levels_of <- names(sort(table(patients$etiology), decreasing = TRUE))

ui <- fluidPage(
  checkboxGroupInput("etiology", "Etiology", levels_of, inline = TRUE),
  textOutput("test"),
  fluidRow(column(4, plotlyOutput("pain")), column(4, plotlyOutput("eqvas")), column(4, plotlyOutput("opioids"))),
  fluidRow(column(8, plotlyOutput("statements")))
)

# Without its mode bar: the button of Debian's plotly.js that opens a cloud editor has no name and stops the drawing.
plain <- function(plot) config(plot, displayModeBar = FALSE)

server <- function(input, output) {
  chosen <- reactive(if (length(input$etiology)) patients[patients$etiology %in% input$etiology, ] else patients)
  before_after <- function(name) {
    one <- chosen()
    both <- one[complete.cases(one[paste0(name, c("_pre", "_12m"))]), ]
    n <- nrow(both)
    plot_ly(
      x = rep(c("before", "12 months"), n),
      y = c(rbind(both[[paste0(name, "_pre")]], both[[paste0(name, "_12m")]])),
      split = rep(seq_len(n), each = 2), type = "scatter", mode = "lines+markers", showlegend = FALSE
    )
  }
  output$pain <- renderPlotly(plain(before_after("vas_pain")))
  output$eqvas <- renderPlotly(plain(before_after("eqvas")))
  output$opioids <- renderPlotly({
    one <- chosen()
    taken <- c(sum(one$opioids_pre == "Yes"), sum(one$opioids_12m == "Yes"))
    plain(plot_ly(x = c("before", "12 months"), y = taken, type = "bar"))
  })
  output$statements <- renderPlotly({
    one <- chosen()
    columns <- grep("_12m$", names(one), value = TRUE)
    columns <- columns[vapply(one[columns], function(x) any(x == "Totally agree", na.rm = TRUE), TRUE)]
    shares <- vapply(one[columns], function(x) mean(x[x != ""] %in% c("Agree", "Totally agree")), 0)
    plain(plot_ly(x = shares, y = columns, type = "bar", orientation = "h"))
  })
  output$test <- renderText({
    one <- chosen()
    change <- na.omit(one$vas_pain_12m - one$vas_pain_pre)
    if (length(change) < 3) return("too few")
    sprintf("mean change %.2f, p = %.3g, n = %d", mean(change), t.test(change)$p.value, length(change))
  })
}

runApp(shinyApp(ui, server), port = as.integer(given[2]), launch.browser = FALSE)
