using RiskDurable.Embedded.SampleApp;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.ConfigureSample();
builder.Build().Run();
