using ModelAtlas.Web.Commands;

return await AtlasCommand.RunAsync(args);
